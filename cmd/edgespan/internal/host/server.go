package host

import (
	"net/http"
	"time"
)

// Server returns an HTTP server, HTTP/2 without TLS included, that hands the host all that is meant for the guest.
func (h *Host) Server() *http.Server {
	server := &http.Server{
		Handler:                      h,
		ReadHeaderTimeout:            30 * time.Second,
		MaxHeaderBytes:               1 << 20,
		Protocols:                    new(http.Protocols),
		DisableGeneralOptionsHandler: true, // or OPTIONS * never reached the guest
		ConnContext:                  withClient,
	}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	return server
}
