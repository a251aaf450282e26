module github.com/edgespan/edgespan/cmd/edgespan

go 1.26.0

require (
	github.com/BurntSushi/toml v1.5.0
	github.com/alecthomas/kong v1.12.1
	github.com/edgespan/edgespan v0.1.0
	github.com/fastly/compute-sdk-go v1.9.0
	github.com/fatih/color v1.18.0
	github.com/klauspost/compress v1.19.1
	github.com/mattn/go-runewidth v0.0.16
	github.com/stretchr/testify v1.12.1
	github.com/tetratelabs/wazero v1.12.0
	github.com/valyala/fastjson v1.6.10
	golang.org/x/term v0.43.0
)

require (
	github.com/mattn/go-colorable v0.1.14 // indirect
	github.com/mattn/go-isatty v0.0.20 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.44.0 // indirect
	golang.org/x/text v0.40.0
)
