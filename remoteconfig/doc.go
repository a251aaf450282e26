// Package remoteconfig changes the settings of tracing without a redeploy. It reads a JSON document from a config store.
//
//	remote := remoteconfig.New(remoteconfig.Config{Source: remoteconfig.ConfigStore("tracing")})
//	tp := trace.NewTracerProvider(remote.Trace(trace.Config{Exporter: logendpoint.Open("otlp_logs")}))
//	fsthttp.Serve(middleware.New(tp, remote.Middleware(middleware.Config{Route: route}))(handler))
//
// The two Configs are the settings that are compiled in. [Remote.Trace] and [Remote.Middleware] wrap them, so that the settings
// in the document replace them.
//
// # The document
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
// All fields are optional. The compiled-in setting applies for each field that is missing.
//
// For "routes", the route must be known when the request begins, so it is the result of middleware.Config.Route. For the rules
// of "keep", the route is looked at when the request is over, so it may also come from middleware.SetRoute or middleware.Adapt.
//
// # Errors
//
// If anything in the document is wrong, such as an unknown field, a field that occurs twice, a wrong type or a number out of
// range, the whole document is ignored. The compiled-in settings apply, and OnError gets one error that names the field:
//
//	remoteconfig: "edgespan": keep.slower_than_ms: want a number from 0 to 86400000, got "500ms"; the compiled-in settings apply
//
// If there is no document, the compiled-in settings apply, and there is no error. If Source fails, the previous settings stay.
// [Check] finds the errors of a document before it goes into the store.
//
// # When the document is read
//
// The document is read when a sandbox gets its first request, and again by the first request after [Config.Refresh] has passed.
// That request waits for the Source, which makes one look-up in the config store. Other requests meanwhile go on with the
// previous settings. Settings can change between two requests, and also during a request.
//
// A program that does not import this package links nothing of it.
package remoteconfig
