// Package safetext makes text from any source safe to print on a terminal.
//
// Names and attributes of spans can contain text from strangers. Text that a terminal would obey instead of showing (escape
// sequences, control characters, marks that reverse the direction) is written as a Go escape, so that it is visible. Fit cuts and
// fills text to a width in cells; a character takes no cell, one or two.
package safetext
