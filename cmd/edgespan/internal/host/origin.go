package host

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// origin is a backend with its connections.
type origin struct {
	name    string
	dynamic bool
	*manifest.Backend

	mu           sync.Mutex
	http1, http2 *http.Transport
}

func newOrigin(name string, b *manifest.Backend, dynamic bool) *origin {
	return &origin{name: name, Backend: b, dynamic: dynamic}
}

// maxAnswerHeader is the size of a backend's response header at most, in bytes.
const maxAnswerHeader = 1 << 20

// transport returns the connections for HTTP/1.1 or HTTP/2. They go to the backend's address, whatever the URL of a request is.
func (o *origin) transport(h2 bool) *http.Transport {
	o.mu.Lock()
	defer o.mu.Unlock()
	slot := &o.http1
	if h2 {
		slot = &o.http2
	}
	if *slot == nil {
		t := &http.Transport{
			DisableCompression:     true, // the guest decides about encodings
			MaxIdleConnsPerHost:    64,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: maxAnswerHeader,
			TLSClientConfig:        o.tlsConfig(h2),
			TLSHandshakeTimeout:    30 * time.Second,
			Protocols:              new(http.Protocols),
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return o.dial(ctx)
			},
		}
		t.Protocols.SetHTTP1(!h2)
		t.Protocols.SetHTTP2(h2)
		t.Protocols.SetUnencryptedHTTP2(h2)
		*slot = t
	}
	return *slot
}

func (o *origin) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, t := range []*http.Transport{o.http1, o.http2} {
		if t != nil {
			t.CloseIdleConnections()
		}
	}
}

// dial connects to the backend. If the backend has no connect timeout, a generous one applies.
func (o *origin) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: 30 * time.Second}
	if o.ConnectTimeout > 0 {
		d.Timeout = o.ConnectTimeout
	}
	return d.DialContext(ctx, "tcp", o.Address())
}

func (o *origin) tlsConfig(h2 bool) *tls.Config {
	name := o.CertHost
	if name == "" {
		name = o.Host()
	}
	cfg := &tls.Config{ServerName: name, MinVersion: o.TLSMin, MaxVersion: o.TLSMax}
	if len(o.CAs) > 0 {
		cfg.RootCAs = x509.NewCertPool()
		for _, ca := range o.CAs {
			cfg.RootCAs.AddCert(ca)
		}
	}
	if o.ClientCert != nil {
		cfg.Certificates = []tls.Certificate{*o.ClientCert}
	}
	if h2 {
		cfg.NextProtos = []string{"h2"}
	}
	if o.NoSNI {
		// crypto/tls sends the name that it verifies. To send none, the certificate must be verified separately.
		cfg.ServerName, cfg.InsecureSkipVerify = "", true
		cfg.VerifyConnection = func(cs tls.ConnectionState) error {
			opts := x509.VerifyOptions{DNSName: name, Roots: cfg.RootCAs, Intermediates: x509.NewCertPool()}
			for _, c := range cs.PeerCertificates[1:] {
				opts.Intermediates.AddCert(c)
			}
			_, err := cs.PeerCertificates[0].Verify(opts)
			return err
		}
	}
	return cfg
}
