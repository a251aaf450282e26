// Package localstore keeps what a batch.Processor holds in a page's localStorage, so that it survives the page: for Go programs
// of your own in pages (GOOS=js). The tracer of package browser needs it not; it has its own.
//
//	processor := batch.New(batch.Config{Sink: exporter, Store: localstore.Open("shop"), MaxSpans: 1000})
//
// The pages of an origin share its localStorage, some 5 MB. Each [Store] has keys of its own there, "edgespan.batch.<name>." in
// front, one a line, and says every ten seconds that it lives. What a page leaves behind is loaded by the next one that opens the
// name: at once if it went by itself, and after 90 seconds if it crashed. A page that is stopped for longer (a browser does that in
// the background) and goes on later may send a line that another one has sent too; none is lost.
//
// A storage that is full, or that the browser denies, is an error of Append, and the line is held in memory alone. Lines are text in
// UTF-8. It needs Go's own compiler: TinyGo can't recover on wasm from what the storage throws.
package localstore
