// Package child ends the processes that tests and measurements start.
package child
