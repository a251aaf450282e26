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

// showPage serves the hub's traces if --listen asks for it. Call finish at the end of the inputs: it writes the file of --html, and goes on
// serving until ctx ends.
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

// checkAddress refuses a value that is not an address to listen on. The host may be left out.
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

// servePage serves the page on addr, the value of a flag. Without a host that is the loopback address. wait returns when ctx ends.
func servePage(ctx context.Context, hub *page.Hub, flag, addr string) (wait func() error, err error) {
	if strings.HasPrefix(addr, ":") {
		addr = "127.0.0.1" + addr
	}
	listener, err := listen(flag, addr)
	if err != nil {
		return nil, err
	}
	if isPublic(listener) {
		fmt.Fprintln(os.Stderr, "edgespan: anyone who can reach this address can see the traces")
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

// writePage writes the page to a file. If that fails, the old file stays.
func writePage(name string, hub *page.Hub, title string) error {
	list, gone, hidden := hub.Traces()
	switch {
	case len(list) == 0 && hidden > 0:
		fmt.Fprintf(os.Stderr, "edgespan: the page is empty: the filters match none of %d traces\n", hidden)
	case gone > 0:
		fmt.Fprintf(os.Stderr, "edgespan: the page has the last %d traces; %d earlier ones are left out (--keep N keeps more)\n", len(list), gone)
	}
	if name == "/dev/stdout" || name == "-" {
		return page.Write(os.Stdout, list, title)
	}
	if err := wholefile.Write(name, 0o666, func(w io.Writer) error { return page.Write(w, list, title) }); err != nil {
		return fmt.Errorf("--html: %w", err)
	}
	return nil
}
