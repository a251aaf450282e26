// Package browser drives a real Chromium: the page of 'edgespan view', live and in a file, and pages that the tracer of package
// browser traces, before the Collector that `make collector` builds.
//
// The tests build the command and the npm package, feed the one lines and the other clicks, and look at what is then in the page
// or at the Collector. They leave screenshots in build/screenshots. Without a Chromium or a Collector they are skipped, but with
// CI=true they fail.
package browser
