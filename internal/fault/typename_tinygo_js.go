//go:build js && tinygo

package fault

// TypeName is coarse in a page: the names of Go's types would be a tenth of its binary, and what fails there is JavaScript's,
// whose errors say their names themselves.
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
