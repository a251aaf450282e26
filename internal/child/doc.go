// Package child is about processes that tests and measurements start.
package child
