package batch

// Store keeps lines where they survive the process or the page: a file, localStorage. Lines leave in the order in which they
// came, so a store is a queue. Several processes or pages may share what is behind their stores; each store clears what it has
// loaded or appended itself, and nothing else.
//
// Its methods are called by one goroutine at a time, within Export: they have to be quick. A line that Append could not keep is
// held in memory alone. What panics is an error.
type Store interface {
	// Load returns the lines that are there, oldest first, none of which another store still holds. It is called once,
	// before the other methods.
	Load() ([][]byte, error)
	// Append keeps a line, which has no newline in it, behind the others. It must not keep the slice.
	Append(line []byte) error
	// Clear forgets the first n of the lines that Load returned or Append kept, and that are not cleared yet.
	Clear(n int) error
}

// safeStore makes an error of what panics, and counts what fails.
type safeStore struct {
	Store
	errors uint64
}

func (s *safeStore) guard(where string, err *error) {
	if v := recover(); v != nil {
		*err = &panicError{where, v}
	}
	if *err != nil {
		s.errors++
	}
}

func (s *safeStore) load() (lines [][]byte, err error) {
	defer s.guard("Store.Load", &err)
	return s.Load()
}

func (s *safeStore) append(line []byte) (err error) {
	defer s.guard("Store.Append", &err)
	return s.Append(line)
}

func (s *safeStore) clear(n int) (err error) {
	defer s.guard("Store.Clear", &err)
	return s.Clear(n)
}
