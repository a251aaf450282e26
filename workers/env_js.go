package workers

import (
	"syscall/js"

	"github.com/syumai/workers/cloudflare"
)

const clockStandsStill = true

// variable returns the Worker's variable or secret with this name, or "".
func variable(name string) string {
	if v := cloudflare.GetBinding(name); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

func versionMetadata() (version Version) {
	v := cloudflare.GetBinding("CF_VERSION_METADATA")
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
