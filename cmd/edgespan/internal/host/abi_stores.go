package host

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// named returns the store whose name is the call's first argument. If the manifest does not have it, a notice says so.
func named[T any](c *call, kind string, all map[string]T, header string) (T, bool) {
	store, ok := all[c.str(0)]
	if !ok {
		c.host.missing("opened "+kind, c.str(0), sortedNames(all), header)
	}
	return store, ok
}

// configCalls serve both modules: a dictionary is the first version of a config store.
func configCalls() map[string]hostCall {
	return map[string]hostCall{
		"open": {3, func(c *call) status {
			store, ok := named(c, "config store", c.host.manifest.ConfigStores, "[local_server.config_stores.%s]")
			if !ok {
				return statusBadHandle
			}
			items, err := store.Load()
			if err != nil {
				c.host.notef("config store %q: %v", c.str(0), err)
				return statusError
			}
			c.putU32(2, c.sb.configs.open(c.str(0), items, func(before map[string]string) bool { return maps.Equal(before, items) }))
			return statusOK
		}},
		"get": {6, func(c *call) status {
			value, ok := (*c.sb.configs.get(c.u32(0)))[c.str(1)]
			if !ok {
				return statusNone
			}
			return c.fill(3, value)
		}},
	}
}

func secretCalls() map[string]hostCall {
	return map[string]hostCall{
		"open": {3, func(c *call) status {
			vault, ok := named(c, "secret store", c.host.manifest.SecretStores, "[[local_server.secret_stores.%s]]")
			if !ok {
				return statusNone
			}
			c.putU32(2, c.sb.vaults.open(c.str(0), vault, nil))
			return statusOK
		}},
		"get": {4, func(c *call) status {
			secret, ok := (*c.sb.vaults.get(c.u32(0)))[c.str(1)]
			if !ok {
				return statusNone
			}
			c.putU32(3, c.sb.secrets.open(fmt.Sprintf("%d %s", c.u32(0), c.str(1)), secret, nil))
			return statusOK
		}},
		"plaintext": {4, func(c *call) status { return c.fill(1, string(*c.sb.secrets.get(c.u32(0)))) }},
		"from_bytes": {3, func(c *call) status {
			secret := append([]byte(nil), c.bytes(0)...)
			c.putU32(2, c.sb.secrets.add(&secret))
			return statusOK
		}},
	}
}

func geoCalls() map[string]hostCall {
	return map[string]hostCall{"lookup": {5, func(c *call) status {
		place, _ := c.host.manifest.Geo.Lookup(c.ip(0))
		return c.fill(2, place) // an address without a place gets an empty text
	}}}
}

// ip reads an address of 4 or 16 bytes.
func (c *call) ip(i int) netip.Addr {
	addr, ok := netip.AddrFromSlice(c.bytes(i))
	if !ok {
		throw(statusInval)
	}
	return addr
}

func deviceCalls() map[string]hostCall {
	return map[string]hostCall{"lookup": {5, func(c *call) status {
		device, ok := c.host.manifest.Devices.Lookup(c.str(0))
		if !ok {
			return statusNone
		}
		return c.fill(2, device)
	}}}
}

func aclCalls() map[string]hostCall {
	const (
		found     = 1
		noContent = 2
	)
	return map[string]hostCall{
		"open": {3, func(c *call) status {
			acl, ok := named(c, "ACL", c.host.manifest.ACLs, "[local_server.acls.%s]")
			if !ok {
				return statusNone
			}
			c.putU32(2, c.sb.acls.open(c.str(0), acl, nil))
			return statusOK
		}},
		"lookup": {5, func(c *call) status {
			acl := c.sb.acls.get(c.u32(0))
			entry, ok := acl.Lookup(c.ip(1))
			if !ok {
				c.putU32(4, noContent)
				return statusOK
			}
			c.putU32(3, c.sb.addBody(bodyOf(aclJSON(entry))))
			c.putU32(4, found)
			return statusOK
		}},
	}
}

func aclJSON(e manifest.ACLEntry) []byte {
	text, _ := json.MarshalIndent(struct {
		Prefix string `json:"prefix"`
		Action string `json:"action"`
	}{e.Prefix.String(), e.Action}, "", "  ")
	return text
}
