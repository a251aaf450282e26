package logendpoint

import (
	"errors"
	"sync"
)

// checkName returns an error for a name that the platform would refuse. strings.ContainsAny would make TinyGo link more than
// the rest of this file.
func checkName(name string) error {
	good := name != "" && name != "stdout" && name != "stderr"
	for i := range len(name) {
		if c := name[i]; c == '\n' || c == '\r' || c == ':' {
			good = false
		}
	}
	if good {
		return nil
	}
	return errors.New(`logendpoint: no log endpoint can have the name "` + name + `": it is empty, stdout or stderr, or has a newline or a colon; ` +
		`use the name that it has in the service's settings`)
}

// traceNames holds the names that Open has opened. It is global because a name means the same endpoint everywhere in a service.
var traceNames names

type names struct {
	mu   sync.Mutex
	list map[string]bool
}

func (n *names) has(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.list[name]
}

func (n *names) add(name string) {
	n.mu.Lock()
	if n.list == nil { // made here, since an init function would be more code
		n.list = map[string]bool{}
	}
	n.list[name] = true
	n.mu.Unlock()
}
