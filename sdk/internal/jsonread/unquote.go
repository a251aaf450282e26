package jsonread

import "github.com/valyala/fastjson"

// Unquote parses those of the fields of v that are strings, and replaces each by the JSON that its string holds.
func Unquote(v *fastjson.Value, fields ...string) error {
	for _, field := range fields {
		f := v.Get(field)
		if IsNull(f) || f.Type() != fastjson.TypeString {
			continue
		}
		var p fastjson.Parser // one for each field, because its values are valid until it parses again
		held, err := p.ParseBytes(mendSurrogates(f.GetStringBytes()))
		if err != nil {
			return Bad(field, "JSON in a string", f)
		}
		v.Set(field, held)
	}
	return nil
}
