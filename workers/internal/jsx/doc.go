// Package jsx is the little of JavaScript that the exporter needs: promises and bytes.
package jsx
