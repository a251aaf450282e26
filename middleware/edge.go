package middleware

import (
	"encoding/hex"
	"os"

	"github.com/fastly/compute-sdk-go/compute"
	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// FaaS records faas.trigger, which is always http, faas.invocation_id, the platform's id of the request, and faas.coldstart, which
// is true for the first request of a sandbox. It is for [Config.OnRequest].
//
// FaaS makes a few host calls for each request. [Sandbox] and [Fingerprints] use the same data without further calls, since
// fsthttp keeps the FastlyMeta of a request. On a host that does not have all of the data, FaaS records only faas.trigger.
func FaaS(span *trace.Span, r *fsthttp.Request) {
	span.SetAttributes(trace.String("faas.trigger", "http"))
	meta, err := r.FastlyMeta()
	if err != nil {
		return
	}
	if meta.RequestID != "" {
		span.SetAttributes(trace.String("faas.invocation_id", meta.RequestID))
	}
	if meta.SandboxRequests > 0 {
		span.SetAttributes(trace.Bool("faas.coldstart", meta.SandboxRequests == 1))
	}
}

// Sandbox records fastly.sandbox.request_number, the number of the request in its sandbox. The first is 1. It is for
// [Config.OnRequest].
func Sandbox(span *trace.Span, r *fsthttp.Request) {
	if meta, err := r.FastlyMeta(); err == nil && meta.SandboxRequests > 0 {
		span.SetAttributes(trace.Int("fastly.sandbox.request_number", meta.SandboxRequests))
	}
}

// POP records fastly.pop, the name of the data centre. It is for [Config.OnRequest].
func POP(span *trace.Span, _ *fsthttp.Request) {
	var a httpconv.Attributes
	a.String("fastly.pop", os.Getenv("FASTLY_POP"))
	span.SetAttributes(a.List()...)
}

// TLS records tls.protocol.name, tls.protocol.version and tls.cipher, by its name in IANA's registry, of the client's connection. It is
// for [Config.OnRequest].
func TLS(span *trace.Span, r *fsthttp.Request) {
	var a httpconv.Attributes
	version := r.TLSInfo.Protocol
	if len(version) > 4 && version[:4] == "TLSv" {
		version = version[4:]
		a.String("tls.protocol.name", "tls")
	}
	a.String("tls.protocol.version", version)
	a.String("tls.cipher", httpconv.Cipher(r.TLSInfo.CipherOpenSSLName))
	span.SetAttributes(a.List()...)
}

// Fingerprints records tls.client.ja3, fastly.client.ja4, fastly.client.h2 and fastly.client.oh, which can identify a client
// when it returns. It is for [Config.OnRequest].
func Fingerprints(span *trace.Span, r *fsthttp.Request) {
	var a httpconv.Attributes
	a.String("tls.client.ja3", hex.EncodeToString(r.TLSInfo.JA3MD5))
	a.String("fastly.client.ja4", string(r.TLSInfo.JA4))
	if meta, err := r.FastlyMeta(); err == nil {
		a.String("fastly.client.h2", string(meta.H2))
		a.String("fastly.client.oh", string(meta.OH))
	}
	span.SetAttributes(a.List()...)
}

// Bot records fastly.bot.detected for a request that the platform has analyzed. For a bot it also records
// user_agent.synthetic.type, fastly.bot.name, fastly.bot.category and fastly.bot.verified. It is for [Config.OnRequest].
func Bot(span *trace.Span, r *fsthttp.Request) {
	result, err := r.BotDetection()
	if err != nil || !result.Analyzed {
		return
	}
	span.SetAttributes(trace.Bool("fastly.bot.detected", result.Detected))
	if result.Detected {
		var a httpconv.Attributes
		a.String("user_agent.synthetic.type", "bot")
		a.String("fastly.bot.name", result.Name)
		a.String("fastly.bot.category", result.CategoryName)
		span.SetAttributes(a.List()...)
		span.SetAttributes(trace.Bool("fastly.bot.verified", result.Verified))
	}
}

// SandboxUsage records fastly.sandbox.vcpu_time, in milliseconds, and fastly.sandbox.heap, in MiB. Both are totals of the
// sandbox so far. It is for [Config.BeforeEnd].
func SandboxUsage(span *trace.Span, _ *fsthttp.Request) {
	var a httpconv.Attributes
	if used, err := compute.GetVCPUTime(); err == nil {
		a.Number("fastly.sandbox.vcpu_time", used.Milliseconds(), 0)
	}
	if mib, err := compute.GetHeapMiB(); err == nil {
		a.Number("fastly.sandbox.heap", int64(mib), 0)
	}
	span.SetAttributes(a.List()...)
}

// BackendInfo records fastly.backend.target, fastly.backend.tls and fastly.backend.dynamic of the backend that answered, and
// network.peer.address and network.peer.port of its server. It is for [Config.OnBackend].
//
// BackendInfo makes about a dozen host calls for each request. What the host does not know is left out: the platform tells the
// server's address only for requests that bypass the cache (CacheOptions.Pass).
func BackendInfo(span *trace.Span, resp *fsthttp.Response) {
	if b, err := fsthttp.BackendFromName(resp.Backend); err == nil {
		span.SetAttributes(trace.String("fastly.backend.target", b.Target()),
			trace.Bool("fastly.backend.tls", b.IsSSL()), trace.Bool("fastly.backend.dynamic", b.IsDynamic()))
	}
	if addr, err := resp.RemoteAddr(); err == nil {
		var a httpconv.Attributes
		address, port := httpconv.SplitHost(addr.String())
		a.String("network.peer.address", address)
		a.Number("network.peer.port", int64(port), 1)
		span.SetAttributes(a.List()...)
	}
}
