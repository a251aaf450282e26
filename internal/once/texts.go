package once

// Texts remembers the last eight texts: for a few errors that take turns, where Filter would let each through at every turn. The
// zero value is ready; it may be used from one goroutine at a time.
type Texts struct {
	said []string // not an array, which would have its own code for ==
	next int
}

// IsNew reports whether a text is not among the last ones, and remembers it.
func (t *Texts) IsNew(text string) bool {
	for _, s := range t.said {
		if s == text {
			return false
		}
	}
	if t.said == nil {
		t.said = make([]string, 8)
	}
	t.said[t.next%len(t.said)] = text
	t.next++
	return true
}
