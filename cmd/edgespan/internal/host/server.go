package host

import (
	"net/http"
	"time"
)

// Server returns an HTTP server that passes all requests for the guest to the host. It also speaks HTTP/2 without TLS.
func (h *Host) Server() *http.Server {
	server := &http.Server{
		Handler:                      h,
		ReadHeaderTimeout:            30 * time.Second,
		MaxHeaderBytes:               1 << 20,
		Protocols:                    new(http.Protocols),
		DisableGeneralOptionsHandler: true, // otherwise OPTIONS * would never reach the guest
		ConnContext:                  withClient,
		ErrorLog:                     h.HTTPLog(),
	}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	return server
}
