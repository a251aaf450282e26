//go:build !tinygo

package fault

// said returns what a String method says, else text.
func said(value any, text string) string {
	if v, ok := value.(interface{ String() string }); ok {
		return v.String()
	}
	return text
}
