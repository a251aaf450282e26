package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// decodeNumber reads a whole number. It also takes a negative one that is an argument of its own, as in '--reuse-limit -1', which the parser
// by itself takes for a flag.
func decodeNumber(ctx *kong.DecodeContext, target reflect.Value) error {
	t := ctx.Scan.Pop()
	text := strings.TrimSpace(fmt.Sprint(t.Value))
	if t.Type == kong.EOLToken {
		return fmt.Errorf("expected a whole number")
	}
	n, err := strconv.ParseInt(text, 10, target.Type().Bits())
	if err != nil {
		return fmt.Errorf("expected a whole number but got %q", text)
	}
	target.SetInt(n)
	return nil
}
