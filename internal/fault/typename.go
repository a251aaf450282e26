//go:build !(js && tinygo)

package fault

import "reflect"

// TypeName returns the name of the type of an error or of a recovered value, such as "*url.Error". It is the value of
// error.type and exception.type.
func TypeName(value any) string {
	if value == nil {
		return "nil"
	}
	return reflect.TypeOf(value).String()
}
