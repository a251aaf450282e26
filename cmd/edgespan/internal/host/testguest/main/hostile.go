//go:build wasip1

package main

import (
	"context"
	"fmt"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

//go:wasmimport fastly_log endpoint_get
func endpointGet(name, size, out uint32) uint32

//go:wasmimport fastly_log write
func logWrite(h, msg, size, out uint32) uint32

//go:wasmimport fastly_http_req header_insert
func headerInsert(h, name, nameLen, value, valueLen uint32) uint32

//go:wasmimport fastly_http_req header_names_get
func headerNames(h, buf, size, cursor, end, n uint32) uint32

//go:wasmimport fastly_http_req uri_get
func uriGet(h, buf, size, n uint32) uint32

//go:wasmimport fastly_http_req method_set
func methodSet(h, method, size uint32) uint32

//go:wasmimport fastly_http_req send
func send(h, b, name, size, resp, body uint32) uint32

//go:wasmimport fastly_http_body read
func bodyRead(h, buf, size, n uint32) uint32

//go:wasmimport fastly_http_body write
func bodyWrite(h, buf, size, end, n uint32) uint32

//go:wasmimport fastly_http_body append
func bodyAppend(to, from uint32) uint32

//go:wasmimport fastly_http_body new
func bodyNew(out uint32) uint32

//go:wasmimport fastly_http_resp status_set
func statusSet(h, status uint32) uint32

//go:wasmimport fastly_http_resp send_downstream
func sendDownstream(h, b, streaming uint32) uint32

//go:wasmimport fastly_async_io select
func asyncSelect(hs, n, timeout, out uint32) uint32

//go:wasmimport fastly_http_downstream next_request_wait
func nextWait(h, req, body uint32) uint32

//go:wasmimport fastly_http_req register_dynamic_backend
func registerBackend(name, nameLen, target, targetLen, mask, cfg uint32) uint32

//go:wasmimport fastly_future shine
func futureShine(a uint32, b uint64) uint32

//go:wasmimport fastly_log write_v9
func logWriteV9(a uint32) uint32

const far = 0xFFFFFFF0

// hostile does what no SDK does: it passes nonsense to host calls, and calls functions that no host has.
func hostile(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	for _, try := range []struct {
		name string
		got  uint32
	}{
		{"endpoint_get name", endpointGet(far, 100, 16)},
		{"endpoint_get out", endpointGet(16, 4, far)},
		{"endpoint_get unaligned", endpointGet(16, 4, 17)},
		{"log write handle", logWrite(99, 16, 4, 16)},
		{"header_insert name", headerInsert(0, far, 64, 16, 1)},
		{"header_insert long", headerInsert(0, 0, 1<<20, 16, 1)},
		{"header_insert handle", headerInsert(77, 16, 4, 16, 4)},
		{"header_names buf", headerNames(0, 16, 0xFFFFFFFF, 0, 16, 16)},
		{"header_names cursor", headerNames(0, far, 0, 0xFFFFFFFF, far, far)},
		{"uri_get buf", uriGet(0, far, 4096, 16)},
		{"method_set empty", methodSet(0, 16, 0)},
		{"send handle", send(55, 55, 16, 4, 16, 20)},
		{"body read buf", bodyRead(0, far, 4096, 16)},
		{"body write buf", bodyWrite(0, 16, 0xFFFFFFFF, 0, 16)},
		{"body write end", bodyWrite(0, 16, 1, 7, 16)},
		{"body append itself", bodyAppend(0, 0)},
		{"body new out", bodyNew(far)},
		{"status_set handle", statusSet(1234, 200)},
		{"send_downstream", sendDownstream(1234, 1234, 1)},
		{"select none", asyncSelect(0, 0, 0, 16)},
		{"select too many", asyncSelect(0, 0x7FFFFFFF, 0, 16)},
		{"select far", asyncSelect(far, 3, 0, 16)},
		{"next_request_wait", nextWait(1234, 16, 20)},
		{"register_dynamic_backend", registerBackend(16, 4, 16, 4, 0xFFFFFFFF, far)},
		{"unknown module", futureShine(1, 2)},
		{"unknown function", logWriteV9(1)},
		{"unknown function again", logWriteV9(1)},
	} {
		fmt.Fprintf(w, "%s: %d\n", try.name, try.got)
	}
}
