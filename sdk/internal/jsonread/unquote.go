package jsonread

import "github.com/valyala/fastjson"

// Unquote replaces the members of v that are strings which hold JSON by what they hold. Others stay as they are.
func Unquote(v *fastjson.Value, fields ...string) error {
	for _, field := range fields {
		f := v.Get(field)
		if IsNull(f) || f.Type() != fastjson.TypeString {
			continue
		}
		var p fastjson.Parser // one for each: what it has parsed lives until it parses again
		held, err := p.ParseBytes(mendSurrogates(f.GetStringBytes()))
		if err != nil {
			return Bad(field, "JSON in a string", f)
		}
		v.Set(field, held)
	}
	return nil
}
