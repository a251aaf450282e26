//go:build !(js && tinygo)

package fault

import "reflect"

// TypeName names the type of an error or of a recovered value, as error.type and exception.type have it: "*url.Error".
func TypeName(value any) string {
	if value == nil {
		return "nil"
	}
	return reflect.TypeOf(value).String()
}
