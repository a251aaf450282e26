// Package browser tests pages in a real Chromium: the page of `edgespan view`, live and as a file, and pages that the tracer of
// package browser traces, with the Collector that `make collector` builds.
//
// The tests build the command and the npm package. They give lines to the viewer and click in the traced pages, and check the
// page or what the Collector received. They save screenshots in build/screenshots. Without Chromium or the Collector the tests
// are skipped; with CI=true they fail.
//
// TestEngines drives traced pages in Firefox and WebKit, with drive.mjs: `make test-engines`.
package browser
