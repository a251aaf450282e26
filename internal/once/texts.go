package once

// Texts remembers up to eight texts, and then begins anew: so that a few errors that take turns are not news at every turn. The zero
// value is ready; it may be used from one goroutine at a time.
type Texts struct {
	said map[string]bool // little code, as every program has this kind of map
}

// IsNew reports whether a text has not been seen lately, and remembers it.
func (t *Texts) IsNew(text string) bool {
	if t.said[text] {
		return false
	}
	if t.said == nil || len(t.said) == 8 {
		t.said = map[string]bool{}
	}
	t.said[text] = true
	return true
}
