package main

import (
	"context"
	"net"
	"syscall"
)

// dial opens a connection that acknowledges segments at once. Viceroy writes a response in pieces, and TCP holds the last one
// back until the others are acknowledged, which the kernel delays for up to 40 ms. Without this, the latency of one request in
// ten or twenty would be that delay.
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

// Read turns quick acknowledgements on again after each read, since the kernel turns them off.
func (c *prompt) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	_ = c.raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
	return n, err
}
