module github.com/edgespan/edgespan

go 1.24.0

require (
	github.com/fastly/compute-sdk-go v1.9.0
	github.com/stretchr/testify v1.12.1
	github.com/valyala/fastjson v1.6.10
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect
