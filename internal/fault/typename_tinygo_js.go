//go:build js && tinygo

package fault

// TypeName only distinguishes errors and strings. The names of Go's types would be a tenth of a page's binary, and most errors
// in a page are JavaScript's, which have names of their own.
func TypeName(value any) string {
	switch value.(type) {
	case nil:
		return "nil"
	case error:
		return "error"
	case string:
		return "string"
	}
	return "other"
}
