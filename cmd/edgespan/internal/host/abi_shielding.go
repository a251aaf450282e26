package host

import (
	"net/url"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

func shieldingCalls() map[string]hostCall {
	return map[string]hostCall{
		"shield_info":        {5, shieldInfo},
		"backend_for_shield": {7, backendForShield},
	}
}

// shieldInfo returns one byte that tells whether the service runs at that site, and the site's two addresses.
func shieldInfo(c *call) status {
	shield, ok := c.host.manifest.Shields[c.str(0)]
	if !ok {
		return statusInval
	}
	info := string(rune(truth(shield.Local))) + shield.Unencrypted + "\x00" + shield.Encrypted + "\x00"
	return c.fill(2, info)
}

// backendForShield makes a backend for a shield, which is given by name or address, and returns the backend's name.
func backendForShield(c *call) status {
	const (
		reserved            = 1 << 0
		hasCacheKey         = 1 << 1
		hasFirstByteTimeout = 1 << 2
		hasBetweenBytes     = 1 << 3
	)
	address, mask := c.str(0), c.u32(2)
	if mask&reserved != 0 {
		return statusInval
	}
	size := uint32(8)
	if mask&(hasFirstByteTimeout|hasBetweenBytes) != 0 {
		size = 16
	}
	cfg := c.record(3, size)
	if mask&hasCacheKey != 0 {
		c.text(cfg.u32(0), cfg.u32(4))
	}
	if shield, ok := c.host.manifest.Shields[address]; ok {
		address = shield.Encrypted
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return statusInval
	}
	b := &manifest.Backend{URL: u, NoSNI: true}
	if mask&hasFirstByteTimeout != 0 {
		b.FirstByteTimeout = time.Duration(cfg.u32(8)) * time.Millisecond
	}
	if mask&hasBetweenBytes != 0 {
		b.BetweenBytesTimeout = time.Duration(cfg.u32(12)) * time.Millisecond
	}
	name := "shield " + address
	if c.sb.origin(name) == nil {
		c.sb.dynamic[name] = newOrigin(name, b, true)
	}
	return c.fill(4, name)
}
