// Package demo is 'edgespan demo': it runs the example service on the local host, sends it some requests, and shows the trace of
// each. It is a check too: every request must get the expected answer and leave a complete trace, and the origins must have
// received the trace context.
package demo
