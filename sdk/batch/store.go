package batch

// Store keeps lines where they survive the process or the page: a file, localStorage. It is a queue: lines are cleared in the
// order in which they came. Several processes or pages may share what is behind their stores; each store clears what it has
// loaded or appended itself, and nothing else.
//
// Its methods are called by one goroutine at a time. Export waits for Append, but for no more than half a second: what takes longer
// goes on by itself, and until it has caught up nobody waits. A line that Append could not keep is held in memory alone. What
// panics is an error.
type Store interface {
	// Load returns the lines that are there, oldest first, none of which another store still holds. It is called once,
	// before the other methods.
	Load() ([][]byte, error)
	// Append keeps a line, which has no newline in it, behind the others. It must not keep the slice. A line that is left while
	// those behind it are sent is appended anew, so that they can be cleared.
	Append(line []byte) error
	// Clear forgets the first n of the lines that Load returned or Append kept, and that are not cleared yet. It is not asked for the same
	// n again after an error: what a Store has kept of them may be sent twice.
	Clear(n int) error
}

// PortionedStore is a [Store] that may have more than should be in memory at a time.
type PortionedStore interface {
	Store
	// LoadMore returns lines that Load and earlier calls have left, as Load does, and none when there are no more. It is called
	// when there is room.
	LoadMore() ([][]byte, error)
}
