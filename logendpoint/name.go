package logendpoint

import (
	"errors"
	"slices"
	"sync"
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
	case !validName(name):
		return errNameChars
	case name == "stdout" || name == "stderr":
		return errReservedName
	}
	return nil
}

// validName stands for strings.ContainsAny, which has TinyGo link more than all of this file.
func validName(name string) bool {
	for i := range len(name) {
		if c := name[i]; c == '\n' || c == '\r' || c == ':' {
			return false
		}
	}
	return true
}

// traceNames are the names that Open has opened. An endpoint's name means the same everywhere in a service, so this is one
// list for all of it.
var traceNames names

type names struct {
	mu   sync.Mutex
	list []string
}

func (n *names) has(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Contains(n.list, name)
}

func (n *names) add(name string) {
	n.mu.Lock()
	if !slices.Contains(n.list, name) {
		n.list = append(n.list, name)
	}
	n.mu.Unlock()
}
