// Package page shows traces in a browser.
//
// A Hub takes lines and keeps the traces that changed last. Write makes one self-contained HTML page of traces, for a file. A
// Server serves the same page, and sends it each trace of a Hub when it arrives and when it changes, as server-sent events. The
// page is plain HTML, CSS and JavaScript in assets/, and loads nothing from elsewhere.
//
// The content of traces comes from strangers. The page shows it as text, never as markup, and its Content-Security-Policy allows
// only its own script. A Server on a loopback address answers only to loopback names, so that no web site can read it through a
// domain that resolves to this machine.
package page
