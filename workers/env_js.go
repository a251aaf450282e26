package workers

import "syscall/js"

const clockStandsStill = true

// variable returns the Worker's variable or secret with this name, or "".
func variable(name string) string {
	if v := inEnv(name); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

// inEnv returns a binding. It is undefined if the Worker has no env, or if env throws for a name that it does not have. A call makes a panic
// of what is thrown, and [js.Value.Get] would end the program.
func inEnv(name string) (v js.Value) {
	defer func() {
		if recover() != nil {
			v = js.Undefined()
		}
	}()
	return js.Global().Get("Reflect").Call("get", js.Global().Get("context").Get("env"), name)
}

func versionMetadata() (version Version) {
	v := inEnv("CF_VERSION_METADATA")
	if v.Type() != js.TypeObject {
		return version
	}
	if id := v.Get("id"); id.Type() == js.TypeString {
		version.ID = id.String()
	}
	if tag := v.Get("tag"); tag.Type() == js.TypeString {
		version.Tag = tag.String()
	}
	return version
}
