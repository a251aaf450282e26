// Package view is 'edgespan view': it reads lines from its inputs, joins their spans to traces, and hands on each trace when it is
// complete.
//
// A goroutine for each input reads and parses its lines. Everything else happens in the loop of Run: it puts records into a
// traces.Store, and hands its traces to an Output when nothing more arrived for them for a while (of live inputs), when there is no
// more room for them, or at the end. Memory is bounded whatever the inputs contain.
package view
