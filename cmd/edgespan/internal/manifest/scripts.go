package manifest

import "strings"

// build returns the line that builds the service: scripts.build, with scripts.env_vars before it. The CLI checks what stands there;
// here it is for messages alone, so what it is not does not matter.
func (t table) build() string {
	scripts, _ := t.m["scripts"].(map[string]any)
	build, _ := scripts["build"].(string)
	if blank(build) {
		return ""
	}
	env, _ := scripts["env_vars"].([]any)
	var words []string
	for _, v := range env {
		if v, ok := v.(string); ok {
			words = append(words, shellWord(v))
		}
	}
	return strings.Join(append(words, strings.TrimSpace(build)), " ")
}

// shellWord quotes the value of name=value, where a shell would read something else.
func shellWord(v string) string {
	name, value, _ := strings.Cut(v, "=")
	if strings.Trim(strings.ToLower(value), "abcdefghijklmnopqrstuvwxyz0123456789_-.,:/+@%") == "" {
		return v
	}
	return name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
