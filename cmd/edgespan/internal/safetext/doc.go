// Package safetext makes text from anywhere fit for a terminal.
//
// Names and attributes of spans come from whoever sends requests. What a terminal would obey rather than show (escape
// sequences, control characters, marks that reverse the direction) is written out as an escape of Go, so that it is seen.
// Fit cuts and fills to a width in cells, where a character may take none, one or two.
package safetext
