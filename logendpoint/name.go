package logendpoint

import (
	"errors"
	"strings"
)

var (
	errEmptyName    = errors.New(`logendpoint: the name of a log endpoint is empty; Open wants the name that the service's settings give it`)
	errNameChars    = errors.New(`logendpoint: the name of a log endpoint has a newline or a colon, which none can have`)
	errReservedName = errors.New(`logendpoint: stdout and stderr are no log endpoints; Open wants the name that the service's settings give one`)
)

// checkName refuses what the platform would refuse, with more to go on.
func checkName(name string) error {
	switch {
	case name == "":
		return errEmptyName
	case strings.ContainsAny(name, "\n\r:"):
		return errNameChars
	case name == "stdout" || name == "stderr":
		return errReservedName
	}
	return nil
}
