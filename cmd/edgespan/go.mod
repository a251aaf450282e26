module github.com/edgespan/edgespan/cmd/edgespan

go 1.25.0
