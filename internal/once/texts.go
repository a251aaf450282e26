package once

// Texts remembers up to eight texts, and then starts again with none. So a few errors that take turns are not reported at every
// turn. The zero value is ready for use. Texts may be used by one goroutine at a time.
type Texts struct {
	seen map[string]bool // little code, since every program links this type of map
}

// IsNew reports whether text is not among the texts that it remembers, and remembers it.
func (t *Texts) IsNew(text string) bool {
	if t.seen[text] {
		return false
	}
	if t.seen == nil || len(t.seen) == 8 {
		t.seen = map[string]bool{}
	}
	t.seen[text] = true
	return true
}
