// Package view is 'edgespan view': it reads lines from its inputs, joins their spans to traces, and hands each trace on
// when it is complete.
//
// An input is read by a goroutine of its own, which also parses its lines. All else happens in the loop of Run: records go
// into a traces.Store, and traces leave it for an Output. They leave when nothing more came for them for a while
// (a live input), when there is no room for them any more, or at the end. Memory is bounded whatever the inputs hold.
package view
