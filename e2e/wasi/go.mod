module github.com/edgespan/edgespan/e2e/wasi

go 1.25.0

require (
	github.com/edgespan/edgespan v0.1.0
	github.com/stretchr/testify v1.12.1
	github.com/tetratelabs/wazero v1.12.0
)

require (
	github.com/valyala/fastjson v1.6.10 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.44.0 // indirect
)

replace github.com/edgespan/edgespan => ../..
