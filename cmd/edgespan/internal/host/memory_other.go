//go:build !unix

package host

import "context"

// withMemory leaves the guests' memory to the engine on this system.
func withMemory(ctx context.Context) context.Context { return ctx }
