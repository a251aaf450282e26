package main

import (
	"context"
	"net"
	"syscall"
)

// dial connects with acknowledgements that leave at once. Viceroy writes a response in pieces, and holds the last one back until the
// others are acknowledged, as TCP has it by default; the kernel leaves that for up to 40 ms. What was measured then, in one request
// of ten or twenty, would be the two of them waiting for each other.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return nil, err
	}
	return &prompt{conn, raw}, nil
}

type prompt struct {
	net.Conn
	raw syscall.RawConn
}

// Read has what came acknowledged. It asks anew each time, since the kernel forgets.
func (c *prompt) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	_ = c.raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
	return n, err
}
