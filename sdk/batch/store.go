package batch

// Store keeps lines where they survive the process or the page, such as in a file or in localStorage. It is a queue: lines are
// cleared in the order in which they were appended. Several processes or pages may share the storage behind their stores. Then
// each store clears only lines that it has loaded or appended itself.
//
// The methods are called by one goroutine at a time. Export waits for Append, but at most half a second. If a call takes
// longer, it goes on in its own goroutine, and Export does not wait again until that has caught up. A line that Append could
// not keep is held in memory only. A panic counts as an error.
type Store interface {
	// Load returns the lines that are stored, oldest first, without those that another running store holds. It is called once,
	// before the other methods.
	Load() ([][]byte, error)
	// Append adds a line at the end. The line has no newline in it. Append must not keep the slice. If a line is left while
	// lines after it have been sent, it is appended again, so that those can be cleared.
	Append(line []byte) error
	// Clear removes the first n lines that Load returned or Append added and that are not cleared yet. If it returns an error,
	// it is not called again for the same lines, and those that the Store still has may be sent twice.
	Clear(n int) error
}

// PortionedStore is a [Store] that may hold more than should be in memory at once.
type PortionedStore interface {
	Store
	// LoadMore returns further lines that Load and earlier calls of LoadMore have left out. It returns none when there are no
	// more. It is called when there is room.
	LoadMore() ([][]byte, error)
}
