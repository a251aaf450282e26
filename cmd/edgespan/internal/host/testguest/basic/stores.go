//go:build wasip1

package main

import "github.com/fastly/compute-sdk-go/fsthttp"

var storePaths = map[string]fsthttp.HandlerFunc{}
