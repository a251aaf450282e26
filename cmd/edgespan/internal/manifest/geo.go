package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"
)

// Geo looks up the place of an address. It reads a JSON file again for each lookup.
type Geo struct {
	inline     map[netip.Addr]string
	file       string
	noLoopback bool
}

// loopbackPlace is the place of a loopback address, so that a service can be tried from the same machine.
const loopbackPlace = `{"area_code":415,"as_name":"Fastly, Inc","as_number":54113,"city":"San Francisco",` +
	`"conn_speed":"broadband","conn_type":"wired","continent":"NA","country_code":"US","country_code3":"USA",` +
	`"country_name":"United States of America","latitude":37.77869,"longitude":-122.39557,"metro_code":0,` +
	`"postal_code":"94107","proxy_description":"?","proxy_type":"?","region":"CA","utc_offset":-700}`

// Lookup returns the JSON text for the address.
func (g Geo) Lookup(addr netip.Addr) (string, bool) {
	addr = addr.Unmap()
	if g.file != "" {
		if places, err := readPlaces(g.file); err == nil {
			if place, ok := places[addr]; ok {
				return place, true
			}
		}
	} else if place, ok := g.inline[addr]; ok {
		return place, true
	}
	if addr.IsLoopback() && !g.noLoopback {
		return loopbackPlace, true
	}
	return "", false
}

func readPlaces(file string) (map[netip.Addr]string, error) {
	objects, err := readObjects(file)
	if err != nil {
		return nil, err
	}
	places, err := byAddress(objects)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return places, nil
}

func byAddress(objects map[string]string) (map[netip.Addr]string, error) {
	places := make(map[netip.Addr]string, len(objects))
	for at, text := range objects {
		addr, err := netip.ParseAddr(at)
		if err != nil {
			return nil, err
		}
		places[addr.Unmap()] = text
	}
	return places, nil
}

func (m *Manifest) readGeo(local table) error {
	t, err := local.sub("geolocation")
	if err != nil {
		return err
	}
	t.expect("format", "addresses", "file", "use_default_loopback")
	loopback, err := t.boolean("use_default_loopback", true)
	if err != nil {
		return err
	}
	m.Geo.noLoopback = !loopback
	places, file, err := t.mapping("addresses", false)
	if err != nil {
		return err
	}
	if file != "" {
		m.Geo.file = file
		if places, err = readObjects(file); err != nil {
			return t.errorf("%w", err)
		}
	}
	known, err := byAddress(places)
	if err != nil {
		return t.errorf("addresses: %w", err)
	}
	if file == "" {
		m.Geo.inline = known
	}
	t.expectPlaces(places)
	return nil
}

// The kinds of the values of a place, as the platform has them.
const (
	aText        = "a string"
	aNumber      = "a number"
	aWholeNumber = "a whole number"
)

var placeKinds = map[string]string{
	"as_name": aText, "city": aText, "conn_speed": aText, "conn_type": aText, "continent": aText, "country_code": aText,
	"country_code3": aText, "country_name": aText, "postal_code": aText, "proxy_description": aText, "proxy_type": aText, "region": aText,
	"latitude": aNumber, "longitude": aNumber,
	"area_code": aWholeNumber, "as_number": aWholeNumber, "metro_code": aWholeNumber, "utc_offset": aWholeNumber,
}

// expectPlaces adds a notice for each key or value that the platform never has, once per key. If a value has another type, the
// lookup in the SDKs fails.
func (t table) expectPlaces(places map[string]string) {
	said := map[string]bool{}
	for _, at := range slices.Sorted(maps.Keys(places)) {
		var place map[string]any
		_ = json.Unmarshal([]byte(places[at]), &place) // it was marshalled in this package
		for _, key := range slices.Sorted(maps.Keys(place)) {
			want, known := placeKinds[key]
			switch {
			case said[key] || known && isKind(place[key], want):
				continue
			case !known:
				t.notef("%s of %s is unknown to geolocation (known: %s)", key, at, list(slices.Sorted(maps.Keys(placeKinds))))
			default:
				text, _ := json.Marshal(place[key])
				t.notef("%s of %s is %s, where %s is expected: a service's lookup of the address may fail", key, at, text, want)
			}
			said[key] = true
		}
	}
}

func isKind(v any, kind string) bool {
	_, text := v.(string)
	n, number := v.(float64)
	switch kind {
	case aText:
		return text
	case aNumber:
		return number
	}
	return number && n == math.Trunc(n)
}
