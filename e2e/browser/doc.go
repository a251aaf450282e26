// Package browser drives the page of 'edgespan view' in a real Chromium: the live page and the page in a file.
//
// The tests build the command, feed it lines, press keys, and look at what is then in the page. They leave screenshots in
// build/screenshots. Without a Chromium they are skipped, but with CI=true they fail.
package browser
