module github.com/edgespan/edgespan/workers

go 1.26.0

require (
	github.com/edgespan/edgespan v0.1.0
	github.com/stretchr/testify v1.12.1
	github.com/syumai/workers v0.31.0
)

require (
	github.com/valyala/fastjson v1.6.10 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
