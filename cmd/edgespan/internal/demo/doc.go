// Package demo is 'edgespan demo': it runs the example service on the local host, sends it a handful of requests, and
// shows the trace of each. It is a check as well: every request must get the expected answer and leave a complete trace,
// and the origins must have been told of it.
package demo
