package host

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/sockerr"
)

// Tags of the ABI's send_error_detail.
const (
	detailOK                   = 1
	detailDNSTimeout           = 2
	detailDNSError             = 3
	detailUnroutable           = 6
	detailConnectionRefused    = 7
	detailConnectionTerminated = 8
	detailConnectionTimeout    = 9
	detailTLSCertificate       = 11
	detailHTTPIncomplete       = 13
	detailHTTPHeaderTooLarge   = 14
	detailHTTPTimeout          = 16
	detailHTTPStatusInvalid    = 17
	detailHTTPProtocol         = 19
	detailURIInvalid           = 21
	detailInternal             = 22
	detailTLSAlert             = 23
	detailTLSProtocol          = 24
)

// Bits that say which further fields of send_error_detail are set.
const (
	detailHasRCode = 1 << 1
	detailHasAlert = 1 << 3
)

const rcodeNXDomain = 3

// sendError says, in the ABI's terms, why a backend gave no response.
type sendError struct {
	tag   uint32
	rcode uint16 // the DNS response code
	alert uint8  // the TLS alert
	err   error

	upload bool // the request's body could not be read, which is not the backend's fault
}

func (e *sendError) Error() string { return e.err.Error() }

// status is the result of the host call, beside the detail.
func (e *sendError) status() status {
	switch e.tag {
	case detailHTTPIncomplete:
		return statusHTTPIncomplete
	case detailHTTPProtocol, detailHTTPStatusInvalid, detailHTTPHeaderTooLarge:
		return statusHTTPInvalid
	}
	return statusError
}

// gateway is the HTTP status for a client that waits for this response.
func (e *sendError) gateway() int {
	switch e.tag {
	case detailHTTPTimeout, detailDNSTimeout, detailConnectionTimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusBadGateway
}

// put writes the detail to the address in argument i. A guest that passes no pointer does not want it.
func (e *sendError) put(c *call, i int) {
	if c.u32(i) == 0 {
		return
	}
	r := c.record(i, 16) // the fields up to the TLS alert: older SDKs have no others
	clear(r)
	if e == nil {
		r.putU32(0, detailOK)
		return
	}
	r.putU32(0, e.tag)
	var mask uint32
	if e.tag == detailDNSError {
		mask |= detailHasRCode
		r.putU16(8, e.rcode)
	}
	if e.tag == detailTLSAlert {
		mask |= detailHasAlert
		r[12] = e.alert
	}
	r.putU32(4, mask)
}

// explain finds the ABI's name for an error.
func explain(err error) *sendError {
	e := &sendError{tag: detailInternal, err: err}
	var (
		dns      *net.DNSError
		alert    tls.AlertError
		record   tls.RecordHeaderError
		verify   *tls.CertificateVerificationError
		hostname x509.HostnameError
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
		op       *net.OpError
	)
	switch {
	case errors.Is(err, errFirstByte):
		e.tag = detailHTTPTimeout
	case errors.As(err, &dns):
		e.tag = detailDNSError
		if dns.IsTimeout {
			e.tag = detailDNSTimeout
		}
		if dns.IsNotFound {
			e.rcode = rcodeNXDomain
		}
	case errors.As(err, &verify), errors.As(err, &hostname), errors.As(err, &unknown), errors.As(err, &invalid):
		e.tag = detailTLSCertificate
	case errors.As(err, &alert):
		e.tag, e.alert = detailTLSAlert, uint8(alert)
	case errors.As(err, &record), strings.HasPrefix(err.Error(), "tls: "):
		e.tag = detailTLSProtocol
	case sockerr.IsRefused(err):
		e.tag = detailConnectionRefused
	case sockerr.IsUnroutable(err):
		e.tag = detailUnroutable
	case errors.As(err, &op) && op.Op == "dial" && (op.Timeout() || errors.Is(err, os.ErrDeadlineExceeded)):
		e.tag = detailConnectionTimeout
	case sockerr.IsCut(err):
		e.tag = detailConnectionTerminated
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), strings.Contains(err.Error(), "server closed"):
		e.tag = detailHTTPIncomplete
	case strings.Contains(err.Error(), "malformed HTTP status"):
		e.tag = detailHTTPStatusInvalid
	case strings.Contains(err.Error(), "response headers exceeded"):
		e.tag = detailHTTPHeaderTooLarge
	case strings.Contains(err.Error(), "readLoopPeekFailLocked"): // the backend sent something before it was asked
		e.tag = detailHTTPProtocol
	case strings.Contains(err.Error(), "malformed"), strings.Contains(err.Error(), "net/http: HTTP/1.x transport connection broken"):
		e.tag = detailHTTPProtocol
	case errors.Is(err, context.DeadlineExceeded):
		e.tag = detailHTTPTimeout
	}
	return e
}
