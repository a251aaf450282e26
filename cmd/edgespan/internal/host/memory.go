//go:build unix

package host

import (
	"context"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// withMemory makes instances use memory from the operating system directly. It reserves address space for the largest size of a
// guest, and only pages that the guest touches take memory. So growing copies nothing, an untouched page costs nothing, and the
// garbage collector does not manage the memory.
func withMemory(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(
		func(_, max uint64) experimental.LinearMemory {
			mapped, err := syscall.Mmap(-1, 0, int(max), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
			if err != nil {
				return &heapMemory{}
			}
			return &mappedMemory{mapped}
		}))
}

type mappedMemory struct{ mapped []byte }

func (m *mappedMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.mapped)) {
		return nil
	}
	return m.mapped[:size]
}

func (m *mappedMemory) Free() {
	if m.mapped != nil {
		syscall.Munmap(m.mapped)
		m.mapped = nil
	}
}

// heapMemory is used if there is no address space left.
type heapMemory struct{ b []byte }

func (m *heapMemory) Reallocate(size uint64) []byte {
	if size > uint64(cap(m.b)) {
		m.b = append(make([]byte, 0, size+size/4), m.b...)
	}
	m.b = m.b[:size]
	return m.b
}

func (m *heapMemory) Free() { m.b = nil }
