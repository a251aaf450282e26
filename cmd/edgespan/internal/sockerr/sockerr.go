// Package sockerr names what systems say of sockets. Windows has numbers of its own, which syscall.ECONNREFUSED and its kin are not.
package sockerr

import "errors"

// IsInUse tells whether an address could not be listened on because somebody else does.
func IsInUse(err error) bool { return errors.Is(err, inUse) }

// IsRefused tells whether nobody listens at an address.
func IsRefused(err error) bool { return errors.Is(err, refused) }

// IsUnroutable tells whether there is no way to an address.
func IsUnroutable(err error) bool { return errors.Is(err, noHost) || errors.Is(err, noNet) }

// IsCut tells whether the other side has ended a connection in the middle of something.
func IsCut(err error) bool { return errors.Is(err, reset) || errors.Is(err, closed) }
