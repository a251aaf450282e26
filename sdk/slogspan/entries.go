package slogspan

import (
	"encoding/binary"
	"reflect"
	"slices"
)

type entry struct{ key, value reflect.Value }

// entries returns the entries of a map, sorted by the text that by makes of each key. It stops when by returns false for more.
func entries(v reflect.Value, by func(key reflect.Value) (order string, more bool)) []entry {
	var unsorted []entry
	var order []string // the texts to sort by, each followed by the index of its entry
	for each, more := v.MapRange(), true; more && each.Next(); {
		e := entry{each.Key(), each.Value()}
		var text string
		text, more = by(e.key)
		order = append(order, text+bigEndian(uint64(len(unsorted))))
		unsorted = append(unsorted, e)
	}
	slices.Sort(order) // sorting strings is linked already; sorting another type would add 40 kB of wasm
	sorted := make([]entry, len(order))
	for i, text := range order {
		sorted[i] = unsorted[fromBigEndian(text[len(text)-8:])]
	}
	return sorted
}

// bigEndian returns a number as eight bytes, which sort like the numbers.
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
