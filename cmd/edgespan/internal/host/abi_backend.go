package host

import (
	"crypto/tls"
	"net/url"
	"strconv"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

func backendCalls() map[string]hostCall {
	number := func(get func(*origin) uint32) hostCall {
		return hostCall{3, func(c *call) status {
			c.putU32(2, get(c.known()))
			return statusOK
		}}
	}
	timeout := func(get func(*origin) time.Duration) hostCall {
		return hostCall{3, func(c *call) status {
			d := get(c.known())
			if d == 0 {
				return statusUnsupported // as on Viceroy, which has none of these calls
			}
			c.putU32(2, uint32(d.Milliseconds()))
			return statusOK
		}}
	}
	version := func(get func(*origin) uint16) hostCall {
		return hostCall{3, func(c *call) status {
			v := get(c.known())
			if v == 0 {
				return statusUnsupported
			}
			c.putU32(2, uint32(v-tls.VersionTLS10))
			return statusOK
		}}
	}
	zero := number(func(*origin) uint32 { return 0 })
	return map[string]hostCall{
		"exists":     {3, func(c *call) status { return c.putBool(2, c.sb.origin(c.str(0)) != nil) }},
		"is_healthy": number(func(o *origin) uint32 { return uint32(o.Health) }),
		"is_dynamic": number(func(o *origin) uint32 { return truth(o.dynamic) }),
		"is_ssl":     number(func(o *origin) uint32 { return truth(o.TLS()) }),
		"get_host":   {5, func(c *call) status { return c.fill(2, c.known().Host()) }},
		"get_override_host": {5, func(c *call) status {
			o := c.known()
			if o.OverrideHost == "" {
				return statusNone
			}
			return c.fill(2, o.OverrideHost)
		}},
		"get_port": {3, func(c *call) status {
			port, _ := strconv.ParseUint(c.known().Port(), 10, 16)
			c.putU16(2, uint16(port))
			return statusOK
		}},
		"get_connect_timeout_ms":       timeout(func(o *origin) time.Duration { return o.ConnectTimeout }),
		"get_first_byte_timeout_ms":    timeout(func(o *origin) time.Duration { return o.FirstByteTimeout }),
		"get_between_bytes_timeout_ms": timeout(func(o *origin) time.Duration { return o.BetweenBytesTimeout }),
		"get_ssl_min_version":          version(func(o *origin) uint16 { return o.TLSMin }),
		"get_ssl_max_version":          version(func(o *origin) uint16 { return o.TLSMax }),
		"get_http_keepalive_time":      zero,
		"get_tcp_keepalive_enable":     zero,
		"get_tcp_keepalive_interval":   zero,
		"get_tcp_keepalive_probes":     zero,
		"get_tcp_keepalive_time":       zero,
	}
}

// known returns the backend whose name is argument 0.
func (c *call) known() *origin {
	if o := c.sb.origin(c.str(0)); o != nil {
		return o
	}
	panic(statusInval)
}

func truth(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// Bits of backend_config_options.
const (
	backendReserved = 1 << iota
	backendHostOverride
	backendConnectTimeout
	backendFirstByteTimeout
	backendBetweenBytesTimeout
	backendUseTLS
	backendTLSMin
	backendTLSMax
	backendCertHost
	backendCA
	backendCiphers
	backendSNI
	backendDontPool
	backendClientCert
	backendGRPC
	backendKeepalive
	backendAllBits = 1<<iota - 1
)

const (
	maxBackendText = 1024
	maxBackendCert = 64 << 10
)

// registerDynamicBackend makes a backend that exists as long as its sandbox.
func registerDynamicBackend(c *call) status {
	name, target, mask := c.str(0), c.str(2), c.u32(4)
	size := uint32(72)
	if mask&backendKeepalive != 0 {
		size = 92 // newer SDKs have fields behind it
	}
	cfg := c.record(5, size)
	if mask&backendReserved != 0 || mask&^backendAllBits != 0 {
		return statusInval
	}
	text := func(bit uint32, at int, max uint32) string {
		if mask&bit == 0 {
			return ""
		}
		n := cfg.u32(at + 4)
		if n == 0 || n > max {
			throw(statusInval)
		}
		return c.text(cfg.u32(at), n)
	}
	millis := func(bit uint32, at int) time.Duration {
		if mask&bit == 0 {
			return 0
		}
		return time.Duration(cfg.u32(at)) * time.Millisecond
	}
	version := func(bit uint32, at int) uint16 {
		if mask&bit == 0 {
			return 0
		}
		if cfg.u32(at) > 3 {
			throw(statusInval)
		}
		return tls.VersionTLS10 + uint16(cfg.u32(at))
	}

	b := &manifest.Backend{
		URL:                 &url.URL{Scheme: "http", Host: target, Path: "/"},
		OverrideHost:        text(backendHostOverride, 0, maxBackendText),
		ConnectTimeout:      millis(backendConnectTimeout, 8),
		FirstByteTimeout:    millis(backendFirstByteTimeout, 12),
		BetweenBytesTimeout: millis(backendBetweenBytesTimeout, 16),
		TLSMin:              version(backendTLSMin, 20),
		TLSMax:              version(backendTLSMax, 24),
		CertHost:            text(backendCertHost, 28, maxBackendText),
		GRPC:                mask&backendGRPC != 0,
	}
	if u, err := url.Parse("//" + target); err != nil || u.Host != target || u.Hostname() == "" {
		return statusError
	}
	checkValue([]byte(b.OverrideHost))
	if mask&backendUseTLS != 0 {
		b.URL.Scheme = "https"
		if mask&backendCA != 0 {
			var err error
			if b.CAs, err = manifest.ParseCertificates([]byte(text(backendCA, 36, maxBackendCert))); err != nil {
				return statusError
			}
		}
	}
	if mask&backendSNI != 0 {
		if n := cfg.u32(56); n == 0 {
			b.NoSNI = true
		} else {
			sni := text(backendSNI, 52, maxBackendText)
			if b.CertHost != "" && b.CertHost != sni {
				return statusInval
			}
			b.CertHost = sni
		}
	}
	if mask&backendClientCert != 0 {
		key := c.sb.secrets.get(cfg.u32(68))
		pair, err := tls.X509KeyPair(c.view(cfg.u32(60), cfg.u32(64)), *key)
		if err != nil {
			return statusInval
		}
		b.ClientCert = &pair
	}
	if c.sb.origin(name) != nil {
		return statusError // the name is already used
	}
	c.sb.dynamic[name] = newOrigin(name, b, true)
	return statusOK
}
