package manifest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math"
	"net"
	"net/url"
	"strings"
	"time"
)

// Health is the health that a backend is given in the manifest. There are no health checks locally.
type Health uint32

const (
	HealthUnknown Health = iota
	Healthy
	Unhealthy
)

// Backend is an origin. A timeout of zero means no timeout.
type Backend struct {
	URL                 *url.URL
	OverrideHost        string
	CertHost            string
	NoSNI               bool
	GRPC                bool
	ConnectTimeout      time.Duration
	FirstByteTimeout    time.Duration
	BetweenBytesTimeout time.Duration
	ClientCert          *tls.Certificate
	CAs                 []*x509.Certificate
	Health              Health
	TLSMin, TLSMax      uint16 // versions of crypto/tls; zero for its default
}

// TLS tells whether connections to the origin use TLS.
func (b *Backend) TLS() bool { return b.URL.Scheme == "https" || b.URL.Scheme == "wss" }

// Host returns the origin's name or address, without a port.
func (b *Backend) Host() string { return b.URL.Hostname() }

// Port returns the origin's port, or the default port of its scheme.
func (b *Backend) Port() string {
	if p := b.URL.Port(); p != "" {
		return p
	}
	if b.TLS() {
		return "443"
	}
	return "80"
}

// Address returns the address to dial.
func (b *Backend) Address() string { return net.JoinHostPort(b.Host(), b.Port()) }

func (m *Manifest) readBackends(local table) error {
	backends, err := local.sub("backends")
	if err != nil {
		return err
	}
	m.Backends = map[string]*Backend{}
	for _, name := range backends.keys() {
		t, ok := backends.m[name].(map[string]any)
		if !ok {
			return backends.errorf(`%s must be a table with a url, as in url = "http://127.0.0.1:8080"`, name)
		}
		b, err := readBackend(backends.under(name, t))
		if err != nil {
			return err
		}
		m.Backends[name] = b
	}
	return nil
}

func readBackend(t table) (*Backend, error) {
	err := t.only("url", "override_host", "cert_host", "use_sni", "grpc", "first_byte_timeout_ms",
		"between_bytes_timeout_ms", "client_certificate", "ca_certificate", "health")
	if err != nil {
		return nil, err
	}
	b := &Backend{}
	raw, ok, err := t.str("url")
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, t.errorf(`url is missing, as in url = "http://127.0.0.1:8080"`)
	}
	if !strings.Contains(raw, "://") { // url.Parse has confusing errors for such a text
		return nil, t.errorf("url %q must begin with http:// or https://, as in %q", raw, "http://"+strings.TrimLeft(raw, "/"))
	}
	if b.URL, err = url.Parse(raw); err != nil {
		return nil, t.errorf("url: %w", err)
	}
	switch b.URL.Scheme {
	case "http", "https", "ws", "wss":
	default:
		return nil, t.errorf("url %q must begin with http:// or https://", raw)
	}
	if b.URL.Host == "" {
		return nil, t.errorf("url %q names no host", raw)
	}
	if b.OverrideHost, err = t.filled("override_host"); err != nil {
		return nil, err
	}
	if strings.ContainsAny(b.OverrideHost, "\r\n\x00") {
		return nil, t.errorf("override_host contains a control character")
	}
	if b.CertHost, err = t.filled("cert_host"); err != nil {
		return nil, err
	}
	sni, err := t.boolean("use_sni", true)
	if err != nil {
		return nil, err
	}
	b.NoSNI = !sni
	if b.GRPC, err = t.boolean("grpc", false); err != nil {
		return nil, err
	}
	if b.FirstByteTimeout, err = t.millis("first_byte_timeout_ms"); err != nil {
		return nil, err
	}
	if b.BetweenBytesTimeout, err = t.millis("between_bytes_timeout_ms"); err != nil {
		return nil, err
	}
	health, _, err := t.str("health")
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(health) {
	case "", "unknown":
	case "healthy":
		b.Health = Healthy
	case "unhealthy":
		b.Health = Unhealthy
	default:
		return nil, t.errorf(`health is %q, not "healthy", "unhealthy" or "unknown"`, health)
	}
	if v, ok := t.m["ca_certificate"]; ok {
		if b.CAs, err = t.certificates(v); err != nil {
			return nil, err
		}
	}
	if v, ok := t.m["client_certificate"]; ok {
		if b.ClientCert, err = t.clientCertificate(v); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (t table) millis(key string) (time.Duration, error) {
	v, ok := t.m[key]
	if !ok {
		return 0, nil
	}
	n, ok := v.(int64)
	if !ok || n < 0 {
		return 0, t.errorf("%s must be a whole number of milliseconds, zero or more", key)
	}
	return time.Duration(min(n, math.MaxInt64/int64(time.Millisecond))) * time.Millisecond, nil
}

// certificates reads ca_certificate: PEM text, {file = ...}, {value = ...}, or an array of these.
func (t table) certificates(v any) ([]*x509.Certificate, error) {
	switch v := v.(type) {
	case string:
		if blank(v) {
			return nil, t.errorf("ca_certificate must not be empty")
		}
		certs, err := ParseCertificates([]byte(v))
		if err != nil {
			return nil, t.errorf("ca_certificate: %w", err)
		}
		return certs, nil
	case []any:
		var all []*x509.Certificate
		for _, item := range v {
			certs, err := t.certificates(item)
			if err != nil {
				return nil, err
			}
			all = append(all, certs...)
		}
		return all, nil
	case []map[string]any:
		var all []*x509.Certificate
		for _, item := range v {
			certs, err := t.certificates(item)
			if err != nil {
				return nil, err
			}
			all = append(all, certs...)
		}
		return all, nil
	case map[string]any:
		in := t.under("ca_certificate", v)
		if err := in.only("file", "value"); err != nil {
			return nil, err
		}
		if name, ok, err := in.str("file"); err != nil {
			return nil, err
		} else if ok {
			data, err := in.file(name)
			if err != nil {
				return nil, err
			}
			return t.certificates(string(data))
		}
		value, ok, err := in.str("value")
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, in.errorf("needs a file or a value")
		}
		return t.certificates(value)
	}
	return nil, t.errorf("ca_certificate must be PEM text, a table with a file, or an array of these")
}

// ParseCertificates reads all certificates of a PEM text.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return certs, nil
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, cert)
	}
}

// clientCertificate reads {certificate or certificate_file, key or key_file}.
func (t table) clientCertificate(v any) (*tls.Certificate, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, t.errorf("client_certificate must be a table")
	}
	in := t.under("client_certificate", m)
	in.expect("certificate", "certificate_file", "key", "key_file")
	part := func(name string) ([]byte, error) {
		if file, ok, err := in.str(name + "_file"); err != nil {
			return nil, err
		} else if ok {
			return in.file(file)
		}
		text, ok, err := in.str(name)
		if err == nil && !ok {
			err = in.errorf("needs %s or %s_file", name, name)
		}
		return []byte(text), err
	}
	cert, err := part("certificate")
	if err != nil {
		return nil, err
	}
	key, err := part("key")
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, in.errorf("%w", err)
	}
	return &pair, nil
}
