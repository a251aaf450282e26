package middleware

import (
	"context"
	"errors"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/fault"
)

// canceled is the error type of a request whose caller has cancelled its context.
const canceled = "canceled"

// errorType returns the error.type of an error of Send: the platform's cause if there is one, else the type of the innermost
// error.
func errorType(err error) string {
	switch {
	case errors.Is(err, fsthttp.ErrBackendNotFound):
		return "backend_not_found"
	case errors.Is(err, context.Canceled):
		return canceled
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline_exceeded"
	}
	for { // errors.As would link 25 kB of reflection
		if cause, ok := err.(fsthttp.SendError); ok {
			if name := causeName(cause); name != "" {
				return name
			}
		}
		inner := errors.Unwrap(err)
		if inner == nil {
			return fault.TypeName(err)
		}
		err = inner
	}
}

// causeName returns the name of a cause in the platform's words. There are few such names and they do not change, as the
// conventions ask of error.type.
func causeName(e fsthttp.SendError) string {
	switch e.Cause() {
	case fsthttp.SendErrorDNSTimeout:
		return "dns_timeout"
	case fsthttp.SendErrorDNSError:
		return "dns_error"
	case fsthttp.SendErrorDestinationNotFound:
		return "destination_not_found"
	case fsthttp.SendErrorDestinationUnavailable:
		return "destination_unavailable"
	case fsthttp.SendErrorDestinationIPUnroutable:
		return "destination_ip_unroutable"
	case fsthttp.SendErrorConnectionRefused:
		return "connection_refused"
	case fsthttp.SendErrorConnectionTerminated:
		return "connection_terminated"
	case fsthttp.SendErrorConnectionTimeout:
		return "connection_timeout"
	case fsthttp.SendErrorConnectionLimitReached:
		return "connection_limit_reached"
	case fsthttp.SendErrorTLSCertificateError:
		return "tls_certificate_error"
	case fsthttp.SendErrorTLSConfigurationError:
		return "tls_configuration_error"
	case fsthttp.SendErrorTLSAlertReceived:
		return "tls_alert_received"
	case fsthttp.SendErrorTLSProtocolError:
		return "tls_protocol_error"
	case fsthttp.SendErrorHTTPIncompleteResponse:
		return "http_incomplete_response"
	case fsthttp.SendErrorHTTPResponseHeaderSectionTooLarge:
		return "http_response_header_section_too_large"
	case fsthttp.SendErrorHTTPResponseBodyTooLarge:
		return "http_response_body_too_large"
	case fsthttp.SendErrorHTTPResponseTimeout:
		return "http_response_timeout"
	case fsthttp.SendErrorHTTPResponseStatusInvalid:
		return "http_response_status_invalid"
	case fsthttp.SendErrorHTTPUpgradeFailed:
		return "http_upgrade_failed"
	case fsthttp.SendErrorHTTPProtocolError:
		return "http_protocol_error"
	case fsthttp.SendErrorHTTPRequestCacheKeyInvalid:
		return "http_request_cache_key_invalid"
	case fsthttp.SendErrorHTTPRequestURIInvalid:
		return "http_request_uri_invalid"
	case fsthttp.SendErrorInternalError:
		return "internal_error"
	}
	return ""
}
