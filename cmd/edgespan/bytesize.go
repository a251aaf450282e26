package main

import (
	"fmt"
	"strconv"
	"strings"
)

// byteSize is the value of a flag, such as 1MB, 512KiB or 65536.
type byteSize int64

// UnmarshalText reads a size.
func (b *byteSize) UnmarshalText(text []byte) error {
	number := strings.TrimRight(strings.ToLower(string(text)), "kmgib ")
	unit, ok := map[string]float64{"": 1, "b": 1, "k": 1e3, "kb": 1e3, "kib": 1 << 10, "m": 1e6, "mb": 1e6, "mib": 1 << 20, "g": 1e9, "gb": 1e9, "gib": 1 << 30}[strings.TrimSpace(strings.ToLower(string(text))[len(number):])]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || !ok || n < 0 || n*unit > 1<<40 {
		return fmt.Errorf("%q is not a size: write it as 1MB or 512KiB", text)
	}
	*b = byteSize(n * unit)
	return nil
}
