// Package jsx is the little of JavaScript that the exporter needs: promises, bytes, fetch.
package jsx
