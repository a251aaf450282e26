package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/page"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/wholefile"
)

// showPage starts to serve the hub's traces where that was asked for. finish is called when the inputs are at their end: it
// writes the file, and goes on serving until ctx ends.
func (v viewCommand) showPage(ctx context.Context, hub *page.Hub) (finish func() error, err error) {
	serving := func() error { return nil }
	if v.Listen != "" {
		if serving, err = servePage(ctx, hub, "--listen", v.Listen); err != nil {
			return nil, err
		}
	}
	return func() error {
		var err error
		if v.Html != "" {
			err = writePage(v.Html, hub, titleOf(v.Files))
		}
		return errors.Join(err, serving())
	}, nil
}

// checkAddress refuses what is no address to listen on. There is no need to name a host.
func checkAddress(flag, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return usage("%s %s is not of the form HOST:PORT or :PORT: %w", flag, addr, err)
	}
	return nil
}

// servePage serves the page on addr, which a flag has, without a host on this machine's loopback address. wait returns when ctx ends.
func servePage(ctx context.Context, hub *page.Hub, flag, addr string) (wait func() error, err error) {
	if strings.HasPrefix(addr, ":") {
		addr = "127.0.0.1" + addr
	}
	listener, err := listen(flag, addr)
	if err != nil {
		return nil, err
	}
	if isPublic(listener) {
		fmt.Fprintln(os.Stderr, "edgespan: whoever reaches this address sees the traces")
	}
	server := &http.Server{
		Handler:           page.NewServer(hub, listener.Addr()),
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(os.Stderr, "Traces at %s\n", urlOf(listener))
	return func() error {
		select {
		case err := <-served:
			return err
		case <-ctx.Done():
			return server.Close()
		}
	}, nil
}

// writePage writes the page. A failure leaves what was there.
func writePage(name string, hub *page.Hub, title string) error {
	list, gone, hidden := hub.Traces()
	switch {
	case len(list) == 0 && hidden > 0:
		fmt.Fprintf(os.Stderr, "edgespan: the page is empty: the filters choose none of %d traces\n", hidden)
	case gone > 0:
		fmt.Fprintf(os.Stderr, "edgespan: the page has the last %d traces; %d earlier ones are left out (--keep)\n", len(list), gone)
	}
	if name == "/dev/stdout" || name == "-" {
		return page.Write(os.Stdout, list, title)
	}
	return wholefile.Write(name, 0o666, func(w io.Writer) error { return page.Write(w, list, title) })
}
