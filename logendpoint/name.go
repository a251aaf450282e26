package logendpoint

import (
	"errors"
	"sync"
)

// checkName refuses what the platform would refuse. Its loop stands for strings.ContainsAny, which has TinyGo link more than all
// of this file.
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
		`give it the name that the service's settings have`)
}

// traceNames are the names that Open has opened. An endpoint's name means the same everywhere in a service, so this is one
// list for all of it.
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
	if n.list == nil { // made here, since an init would be a function more
		n.list = map[string]bool{}
	}
	n.list[name] = true
	n.mu.Unlock()
}
