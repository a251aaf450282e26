// Package sockerr recognises errors of sockets. On Windows they have other numbers than syscall.ECONNREFUSED and similar constants.
package sockerr

import "errors"

// IsInUse tells whether listening failed because the address is in use.
func IsInUse(err error) bool { return errors.Is(err, inUse) }

// IsRefused tells whether connecting failed because nobody listens at the address.
func IsRefused(err error) bool { return errors.Is(err, refused) }

// IsUnroutable tells whether connecting failed because there is no route to the address.
func IsUnroutable(err error) bool { return errors.Is(err, noHost) || errors.Is(err, noNet) }

// IsCut tells whether the other side ended the connection unexpectedly.
func IsCut(err error) bool { return errors.Is(err, reset) || errors.Is(err, closed) }
