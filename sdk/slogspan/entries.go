package slogspan

import (
	"encoding/binary"
	"reflect"
	"slices"
)

type entry struct{ key, value reflect.Value }

// entries returns what is in a map, in the order of what by makes of the keys, until by says that it is enough.
func entries(v reflect.Value, by func(key reflect.Value) (order string, more bool)) []entry {
	var unsorted []entry
	var order []string // and each one's index behind it
	for each, more := v.MapRange(), true; more && each.Next(); {
		e := entry{each.Key(), each.Value()}
		var text string
		text, more = by(e.key)
		order = append(order, text+bigEndian(uint64(len(unsorted))))
		unsorted = append(unsorted, e)
	}
	slices.Sort(order) // of strings, which is there already: sorting anything else would be 40 kB of wasm
	sorted := make([]entry, len(order))
	for i, text := range order {
		sorted[i] = unsorted[fromBigEndian(text[len(text)-8:])]
	}
	return sorted
}

// bigEndian returns a number as eight bytes, which are in order as the numbers are.
func bigEndian(n uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	return string(b[:])
}

func fromBigEndian(s string) (n uint64) {
	for i := range len(s) {
		n = n<<8 | uint64(s[i])
	}
	return n
}
