// Package page shows traces in a browser.
//
// A Hub takes lines and keeps the traces that were touched last. Write makes one self-contained HTML page of traces, for a
// file. A Server serves the same page, and sends it each trace of a Hub as it comes and whenever it changes, as server-sent
// events. The page itself is plain HTML, CSS and JavaScript in assets/, and loads nothing from elsewhere.
//
// What traces hold comes from strangers. The page sets it as text, never as markup, and its Content-Security-Policy
// allows no script but its own. A Server on a loopback address answers to loopback names only, so that no web site can
// read it by way of a name of its own that leads here.
package page
