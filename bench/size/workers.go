package main

import "github.com/edgespan/edgespan/bench/internal/handler"

var workersRows = []row{
	{handler: "workers-untraced", what: "a Worker"},
	{handler: "workers", base: "workers-untraced", what: "+ Edgespan"},
	{handler: "workers-kv-untraced", what: "a traced Worker that reads KV"},
	{handler: "workers-kv", base: "workers-kv-untraced", what: "+ its spans"},
}

// workers prints the sizes of Workers. Cloudflare's limit, gzipped, is 3 MB on the free plan and 10 MB on the others.
func workers(dir string, tiny, opt bool) {
	table(compiler{name: "Cloudflare Workers, Go", build: handler.WorkersGo}, workersRows, dir, opt)
	if tiny {
		table(compiler{name: "Cloudflare Workers, TinyGo", build: handler.WorkersTinyGo}, workersRows, dir, opt)
	}
}
