package host

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// downstreamCalls are the calls about the client's request, whose handle is argument 0.
func downstreamCalls() map[string]hostCall {
	calls := map[string]hostCall{
		"next_request":                     {3, nextRequest},
		"next_request_wait":                {3, nextRequestWait},
		"next_request_abandon":             {1, nextRequestAbandon},
		"downstream_original_header_names": {6, originalHeaderNames},
		"downstream_original_header_count": {2, originalHeaderCount},
		"downstream_client_ip_addr":        {3, func(c *call) status { return c.putIP(1, c.client().clientIP()) }},
		"downstream_server_ip_addr":        {3, func(c *call) status { return c.putIP(1, c.client().serverIP()) }},
		"downstream_client_request_id": {4, func(c *call) status {
			return c.fill(1, fmt.Sprintf("%032x", c.client().id))
		}},
		"downstream_compliance_region": {4, func(c *call) status {
			c.client()
			return c.fill(1, "none")
		}},
		"downstream_client_ddos_detected": {2, func(c *call) status {
			c.putU32(1, 0)
			return statusOK
		}},
		"fastly_key_is_valid":     {2, fastlyKeyIsValid},
		"downstream_bot_analyzed": {2, func(c *call) status { return c.botFlag("x-fastly-bot-analyzed", true) }},
		"downstream_bot_detected": {2, func(c *call) status { return c.botFlag("x-fastly-bot-detected", true) }},
		"downstream_bot_verified": {2, func(c *call) status { return c.botFlag("x-fastly-bot-verified", false) }},
		"downstream_bot_name":     {4, func(c *call) status { return c.botText("x-fastly-bot-name") }},
		"downstream_bot_category": {4, func(c *call) status { return c.botText("x-fastly-bot-category") }},
		"downstream_bot_category_kind": {2, func(c *call) status {
			v, ok := c.client().header.get("x-fastly-bot-category")
			kind, known := botKind(v)
			if !ok || !known {
				return statusNone
			}
			c.putU32(1, kind)
			return statusOK
		}},
	}
	// Data that only a TLS connection or the platform itself has is reported as absent.
	for name, params := range map[string]int{
		"client_h2_fingerprint": 4, "client_oh_fingerprint": 4, "tls_cipher_openssl_name": 4, "tls_protocol": 4,
		"tls_client_servername": 4, "tls_client_hello": 4, "tls_raw_client_certificate": 4,
		"tls_client_cert_verify_result": 2, "tls_ja3_md5": 3, "tls_ja4": 4, "resvpnproxy_vpn_service_name": 4,
		"resvpnproxy_is_anonymous": 2, "resvpnproxy_is_anonymous_vpn": 2, "resvpnproxy_is_hosting_provider": 2,
		"resvpnproxy_is_proxy_over_vpn": 2, "resvpnproxy_is_public_proxy": 2, "resvpnproxy_is_relay_proxy": 2,
		"resvpnproxy_is_residential_proxy": 2, "resvpnproxy_is_smart_dns_proxy": 2, "resvpnproxy_is_tor_exit_node": 2,
		"resvpnproxy_is_vpn_datacenter": 2,
	} {
		calls["downstream_"+name] = hostCall{params, func(c *call) status {
			c.client()
			return statusNone
		}}
	}
	return calls
}

func originalHeaderNames(c *call) status {
	return c.fillMany(1, c.client().header.names())
}

func originalHeaderCount(c *call) status {
	c.putU32(1, uint32(len(c.client().header)))
	return statusOK
}

func fastlyKeyIsValid(c *call) status {
	key, ok := c.sb.request(c.u32(0)).header.get("fastly-key")
	return c.putBool(1, ok && c.host.manifest.FastlyKeys[key])
}

// The bot calls take their answers from headers of the request, so that a service can be tried locally.

func (c *call) botFlag(header string, always bool) status {
	v, ok := c.client().header.get(header)
	if !ok && !always {
		return statusNone
	}
	return c.putBool(1, v == "true")
}

func (c *call) botText(header string) status {
	v, ok := c.client().header.get(header)
	if !ok {
		return statusNone
	}
	return c.fill(1, v)
}

var botKinds = strings.Fields("none suspected accessibility ai-crawler ai-fetcher content-fetcher monitoring-site-tools " +
	"online-marketing page-preview platform-integration research search-engine-crawler search-engine-optimization " +
	"security-tools headless")

func botKind(s string) (uint32, bool) {
	for i, kind := range botKinds {
		if strings.EqualFold(s, kind) {
			return uint32(i), true
		}
	}
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}

// nextRequest asks for another request for this sandbox.
func nextRequest(c *call) status {
	const hasTimeout = 1 << 1
	timeout := maxNextWait
	if c.u32(0)&hasTimeout != 0 {
		if ms := c.record(1, 8).u64(0); ms < uint64(maxNextWait/time.Millisecond) {
			timeout = time.Duration(ms) * time.Millisecond
		}
	}
	if c.sb.promised {
		return statusLimit
	}
	limit := c.host.cfg.ReuseLimit
	p := c.host.promise(timeout, limit != NoReuse && (limit < 0 || c.sb.furtherTaken < limit))
	c.sb.furtherTaken++
	c.sb.promised = true
	c.putU32(2, c.sb.items.add(&asyncItem{promise: p}))
	return statusOK
}

func (c *call) takePromise(h uint32) *promise {
	p := c.sb.items.get(h).promise
	if p == nil {
		throw(statusBadHandle)
	}
	c.sb.items.take(h)
	c.sb.promised = false
	return p
}

func nextRequestWait(c *call) status {
	if !c.sb.answered {
		return statusUnsupported // one at a time: the client of the current request is still waiting
	}
	p := c.takePromise(c.u32(0))
	var ex *exchange
	c.block(func(ctx context.Context) { ex = c.host.wait(ctx, p) })
	if ex == nil {
		return statusNone
	}
	req, b := c.sb.accept(ex)
	c.putU32(1, req)
	c.putU32(2, b)
	return statusOK
}

func nextRequestAbandon(c *call) status {
	c.host.withdraw(c.takePromise(c.u32(0)))
	return statusOK
}
