package host

import (
	"net/url"
	"strings"
)

func requestCalls() map[string]hostCall {
	head := func(use func(h *headers, c *call, i int) status) hostFunc {
		return func(c *call) status { return use(&c.sb.request(c.u32(0)).header, c, 1) }
	}
	calls := map[string]hostCall{
		"new": {1, func(c *call) status {
			c.putU32(0, c.sb.requests.add(&requestSlot{req: &request{method: "GET", uri: "/", version: version11}}))
			return statusOK
		}},
		"body_downstream_get": {2, func(c *call) status {
			c.putU32(0, c.sb.reqHandle)
			c.putU32(1, c.sb.bodyHandle)
			return statusOK
		}},
		"header_names_get":  {6, head((*headers).callNamesGet)},
		"header_value_get":  {6, head((*headers).callValueGet)},
		"header_values_get": {8, head((*headers).callValuesGet)},
		"header_values_set": {5, head((*headers).callValuesSet)},
		"header_insert":     {5, head((*headers).callInsert)},
		"header_append":     {5, head((*headers).callAppend)},
		"header_remove":     {3, head((*headers).callRemove)},
		"method_get":        {4, func(c *call) status { return c.fill(1, c.sb.request(c.u32(0)).method) }},
		"method_set":        {3, methodSet},
		"uri_get":           {4, func(c *call) status { return c.fill(1, c.sb.request(c.u32(0)).uri) }},
		"uri_set":           {3, uriSet},
		"version_get": {2, func(c *call) status {
			c.putU32(1, c.sb.request(c.u32(0)).version)
			return statusOK
		}},
		"version_set": {2, func(c *call) status {
			req := c.sb.request(c.u32(0))
			if c.u32(1) > versionH3 {
				return statusInval
			}
			req.version = c.u32(1)
			return statusOK
		}},
		"framing_headers_mode_set": {2, func(c *call) status {
			req := c.sb.request(c.u32(0))
			if c.u32(1) > 1 {
				return statusInval
			}
			req.manual = c.u32(1) == 1
			return statusOK
		}},
		"auto_decompress_response_set": {2, func(c *call) status {
			c.sb.request(c.u32(0)).decompress = c.u32(1)&1 != 0
			return statusOK
		}},
		"close": {1, func(c *call) status {
			c.sb.takeRequest(c.u32(0))
			return statusOK
		}},
		"cache_override_set":    {4, func(c *call) status { return c.cacheOverride() }},
		"cache_override_v2_set": {6, func(c *call) status { c.bytes(4); return c.cacheOverride() }},
		"cache_override_v3_set": {3, func(c *call) status {
			over := c.record(2, 20)
			c.view(over.u32(8), over.u32(12))
			return c.cacheOverride()
		}},
		"register_dynamic_backend":       {6, registerDynamicBackend},
		"redirect_to_websocket_proxy":    {2, func(c *call) status { return c.handOff(nil, c.str(0), false) }},
		"redirect_to_websocket_proxy_v2": {3, func(c *call) status { return c.handOff(c.sb.request(c.u32(0)), c.str(1), false) }},
		"redirect_to_grip_proxy":         {2, func(c *call) status { return c.handOff(nil, c.str(0), true) }},
		"redirect_to_grip_proxy_v2":      {3, func(c *call) status { return c.handOff(c.sb.request(c.u32(0)), c.str(1), true) }},
		"inspect":                        {7, inspect},
	}
	for name, call := range sendCalls() {
		calls[name] = call
	}
	// In the first ABI these calls had no handle: they were about the one request of the sandbox.
	for name, call := range downstreamCalls() {
		if name, ok := strings.CutPrefix(name, "downstream_"); ok && !strings.HasPrefix(name, "original") {
			calls["downstream_"+name] = hostCall{call.params - 1, ofCurrent(call.fn)}
		}
	}
	calls["original_header_names_get"] = hostCall{5, ofCurrent(originalHeaderNames)}
	calls["original_header_count"] = hostCall{1, ofCurrent(originalHeaderCount)}
	calls["fastly_key_is_valid"] = hostCall{1, ofCurrent(fastlyKeyIsValid)}
	return calls
}

// ofCurrent inserts the handle of the current request before the arguments.
func ofCurrent(fn hostFunc) hostFunc {
	return func(c *call) status {
		c.args = append([]uint64{uint64(c.sb.reqHandle)}, c.args...)
		return fn(c)
	}
}

func methodSet(c *call) status {
	req, method := c.sb.request(c.u32(0)), c.bytes(1)
	for _, b := range method {
		if !isToken(b) {
			return statusError
		}
	}
	if len(method) == 0 {
		return statusError
	}
	req.method = string(method)
	return statusOK
}

func uriSet(c *call) status {
	req := c.sb.request(c.u32(0))
	uri, _, _ := strings.Cut(string(c.bytes(1)), "#")
	if uri == "" || !validTarget(uri) {
		return statusError
	}
	if _, err := url.Parse("//" + authority(uri)); err != nil {
		return statusError
	}
	req.uri = uri
	return statusOK
}

// authority returns the host and port of an absolute URL.
func authority(uri string) string {
	_, rest, ok := strings.Cut(strings.TrimSuffix(uri, requestTarget(uri)), "://")
	if !ok {
		return ""
	}
	return rest
}

// Bits of cache_override_tag.
const (
	cachePass    = 1 << 0
	cacheTagBits = 1<<5 - 1
)

// cacheOverride records whether the request bypasses the cache. There is no HTTP cache here, so the other settings have no effect.
func (c *call) cacheOverride() status {
	req := c.sb.request(c.u32(0))
	if c.u32(1)&^cacheTagBits != 0 {
		return statusInval
	}
	req.pass = c.u32(1)&cachePass != 0
	return statusOK
}

// inspect stands in for the security inspection: it checks its input, and allows everything.
func inspect(c *call) status {
	const (
		hasCorp      = 1 << 1
		hasWorkspace = 1 << 2
		hasIP        = 1 << 3
	)
	c.sb.request(c.u32(0))
	c.sb.body(c.u32(1))
	mask, info := c.u32(2), c.record(3, 24)
	if mask&hasCorp == 0 || mask&hasWorkspace == 0 || info.u32(4) == 0 || info.u32(12) == 0 {
		return statusInval
	}
	c.text(info.u32(0), info.u32(4))
	c.text(info.u32(8), info.u32(12))
	if n := info.u32(20); mask&hasIP != 0 && n != 0 && n != 4 && n != 16 {
		return statusInval
	}
	const allow = `{"waf_response":200,"redirect_url":"","tags":[],"verdict":"allow","decision_ms":0}`
	return c.fill(4, allow)
}
