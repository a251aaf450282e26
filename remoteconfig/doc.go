// Package remoteconfig steers tracing without a redeploy: by a JSON document in a config store.
//
//	remote := remoteconfig.New(remoteconfig.Config{Source: remoteconfig.ConfigStore("tracing")})
//	tp := trace.NewTracerProvider(remote.Trace(trace.Config{Exporter: logendpoint.Open("otlp_logs")}))
//	fsthttp.Serve(middleware.New(tp, remote.Middleware(middleware.Config{Route: route}))(handler))
//
// What stands in the two Configs is what is compiled in. Trace and Middleware wrap them, so that what the document says takes its
// place:
//
//	{
//	  "comment": "half of all checkouts, no health checks; and whoever is slow",
//	  "off": false,
//	  "ratio": 0.01,
//	  "routes": {"/healthz": 0, "POST /checkout": 0.5},
//	  "keep": {
//	    "errors": true,
//	    "slower_than_ms": 500,
//	    "rules": [{"route": "/search", "slower_than_ms": 100}, {"status": [429, "5xx"]}, {"attribute": "tenant", "equals": "acme"}]
//	  },
//	  "request_headers": ["accept-language"],
//	  "response_headers": ["content-type"]
//	}
//
// A field that is not there leaves what is compiled in. A document in which anything is wrong (a field that is unknown or there
// twice, a type, a range) counts as a whole for nothing: what is compiled in holds, and OnError is told once, with the field:
//
//	remoteconfig: "edgespan": keep.slower_than_ms: want a number from 0 to 86400000, got "500ms"; the settings that are compiled in hold
//
// The same goes for a document that is not there, without a word. A Source that fails leaves what was there before. Check
// says what is wrong with a document before it goes into the store.
//
// The document is read when a sandbox gets its first request, and again when a request comes [Config.Refresh] after the last
// time. That request waits for the Source, which is one look into the config store; others that are under way meanwhile go on
// with the settings that are there. Settings change between requests, and between two looks at them within one.
//
// The route of "routes" has to be known when a request begins: it is what middleware.Config.Route returns. That of a rule is
// looked at when the request is over, so it may come from middleware.SetRoute or middleware.Adapt as well.
//
// All methods may be called from any goroutine. What does not import this package links nothing of it.
package remoteconfig
