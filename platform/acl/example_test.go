package acl_test

import (
	"context"
	"net"

	"github.com/edgespan/edgespan/platform/acl"
)

// The span records whether an entry matches, and its action.
func Example() {
	blocked := func(ctx context.Context, ip net.IP) bool {
		list, err := acl.Open(ctx, "blocked")
		if err != nil {
			return false
		}
		entry, err := list.Lookup(ip)
		return err == nil && entry.Action == "BLOCK"
	}
	_ = blocked(context.Background(), net.IPv4(192, 0, 2, 7))
}
