//go:build !tinygo

package fault

// said returns the result of the value's String method, or text if it has none.
func said(value any, text string) string {
	if v, ok := value.(interface{ String() string }); ok {
		return v.String()
	}
	return text
}
