package inputs

import "sync"

// Each calls read for each element of all: concurrently, as live inputs need it, or one after another, so that the same files give
// the same output. It returns at once; done is called after the last.
func Each[T any](all []T, together bool, read func(T), done func()) {
	var readers sync.WaitGroup
	if together {
		for _, in := range all {
			readers.Go(func() { read(in) })
		}
	} else {
		readers.Go(func() {
			for _, in := range all {
				read(in)
			}
		})
	}
	go func() {
		readers.Wait()
		done()
	}()
}
