module github.com/edgespan/edgespan/e2e

go 1.25.0
