package manifest

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// readObjects reads a JSON object of objects, and returns the inner objects as text.
func readObjects(file string) (map[string]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var raw map[string]map[string]any
	if err := json.Unmarshal(data, &raw); err != nil || raw == nil {
		return nil, fmt.Errorf("%s must hold one JSON object of objects", file)
	}
	out := make(map[string]string, len(raw))
	for k, v := range raw {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out[k] = string(text)
	}
	return out, nil
}

// mapping reads the two formats that geolocation and device_detection share.
func (t table) mapping(inlineKey string, deep bool) (inline map[string]string, file string, err error) {
	if _, ok := t.m["format"]; !ok {
		return nil, "", nil
	}
	format, _, err := t.str("format")
	if err != nil {
		return nil, "", err
	}
	switch format {
	case "json":
		file, err = t.needFile()
		return nil, file, err
	case "inline-toml":
		if _, ok := t.m[inlineKey]; !ok {
			return nil, "", t.errorf("%s is missing", inlineKey)
		}
		entries, err := t.sub(inlineKey)
		if err != nil {
			return nil, "", err
		}
		inline = make(map[string]string, len(entries.m))
		for _, key := range entries.keys() {
			entry, ok := entries.m[key].(map[string]any)
			if !ok {
				return nil, "", entries.errorf("%s must be a table", key)
			}
			if err := entries.under(key, entry).scalars(deep); err != nil {
				return nil, "", err
			}
			text, err := json.Marshal(entry)
			if err != nil {
				return nil, "", entries.errorf("%s: %w", key, err)
			}
			inline[key] = string(text)
		}
		return inline, "", nil
	}
	return nil, "", t.errorf(`format must be "inline-toml" or "json"`)
}

// scalars refuses values that Viceroy refuses: arrays and dates, and tables unless deep is set.
func (t table) scalars(deep bool) error {
	for _, key := range t.keys() {
		switch v := t.m[key].(type) {
		case string, int64, float64, bool:
			continue
		case map[string]any:
			if deep {
				if err := t.under(key, v).scalars(deep); err != nil {
					return err
				}
				continue
			}
		}
		return t.errorf("%s must be a string, a number, true or false", key)
	}
	return nil
}

// Devices looks up the device of a User-Agent.
type Devices struct {
	inline map[string]string
	file   string
}

// Lookup returns the JSON text for the User-Agent.
func (d Devices) Lookup(userAgent string) (string, bool) {
	known := d.inline
	if d.file != "" {
		known, _ = readObjects(d.file)
	}
	text, ok := known[userAgent]
	return text, ok
}

func (m *Manifest) readDevices(local table) error {
	t, err := local.sub("device_detection")
	if err != nil {
		return err
	}
	t.expect("format", "user_agents", "file")
	m.Devices.inline, m.Devices.file, err = t.mapping("user_agents", true)
	if err == nil && m.Devices.file != "" {
		if _, err = readObjects(m.Devices.file); err != nil {
			err = t.errorf("%w", err)
		}
	}
	return err
}

// ACL is a list of address prefixes, each with an action.
type ACL []ACLEntry

// ACLEntry is one prefix.
type ACLEntry struct {
	Prefix netip.Prefix
	Action string
}

// Lookup returns the entry with the longest prefix that contains the address; of equal prefixes, the last.
func (a ACL) Lookup(addr netip.Addr) (ACLEntry, bool) {
	best := -1
	for i, e := range a {
		if e.Prefix.Contains(addr) && (best < 0 || e.Prefix.Bits() >= a[best].Prefix.Bits()) {
			best = i
		}
	}
	if best < 0 {
		return ACLEntry{}, false
	}
	return a[best], true
}

func (m *Manifest) readACLs(local table) error {
	t, err := local.sub("acls")
	if err != nil {
		return err
	}
	m.ACLs = map[string]ACL{}
	for _, name := range t.keys() {
		file, ok := t.m[name].(string) // only a file name, or a table with a file
		if !ok {
			in, err := t.sub(name)
			if err != nil {
				return err
			}
			in.expect("file")
			if file, err = in.filled("file"); err != nil {
				return err
			}
			if file == "" {
				return in.errorf(`the key "file" is missing, as in file = "items.json"`)
			}
		}
		if m.ACLs[name], err = readACL(resolve(t.dir, file)); err != nil {
			return t.errorf("%s: %w", name, err)
		}
	}
	return nil
}

func readACL(file string) (ACL, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list struct {
		Entries *[]struct{ Prefix, Action string }
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if list.Entries == nil {
		return nil, fmt.Errorf(`%s has no "entries"`, file)
	}
	var acl ACL
	for _, e := range *list.Entries {
		ip, bits, ok := strings.Cut(e.Prefix, "/")
		addr, err := netip.ParseAddr(ip)
		n, err2 := strconv.Atoi(bits)
		if !ok || err != nil || err2 != nil || n < 1 || n > addr.BitLen() {
			return nil, fmt.Errorf("%s: %q is not an address prefix such as 192.0.2.0/24", file, e.Prefix)
		}
		action := e.Action
		if up := strings.ToUpper(action); up == "ALLOW" || up == "BLOCK" {
			action = up
		}
		acl = append(acl, ACLEntry{Prefix: netip.PrefixFrom(addr, n).Masked(), Action: action})
	}
	return acl, nil
}

// Shield is a shielding site: the local one, or another one with two addresses.
type Shield struct {
	Local                  bool
	Encrypted, Unencrypted string
}

func (m *Manifest) readShields(local table) error {
	t, err := local.sub("shielding_sites")
	if err != nil {
		return err
	}
	m.Shields = map[string]Shield{}
	for _, name := range t.keys() {
		if text, ok := t.m[name].(string); ok {
			if !strings.EqualFold(text, "local") {
				return t.errorf(`%s must be "Local", or a table with encrypted and unencrypted addresses`, name)
			}
			m.Shields[name] = Shield{Local: true}
			continue
		}
		in, err := t.sub(name)
		if err != nil {
			return err
		}
		if err := in.only("encrypted", "unencrypted"); err != nil {
			return err
		}
		var s Shield
		for key, to := range map[string]*string{"encrypted": &s.Encrypted, "unencrypted": &s.Unencrypted} {
			if *to, err = in.filled(key); err != nil {
				return err
			}
			if u, err := url.Parse(*to); err != nil || u.Host == "" {
				return in.errorf("%s must be a URL", key)
			}
		}
		m.Shields[name] = s
	}
	return nil
}
