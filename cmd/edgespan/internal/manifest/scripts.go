package manifest

import "strings"

// build returns the command that builds the service: scripts.build, after the variables of scripts.env_vars. It ignores invalid
// values, because the command is only used in messages, and the CLI checks it.
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

// shellWord quotes the value of name=value if a shell would read it differently.
func shellWord(v string) string {
	name, value, _ := strings.Cut(v, "=")
	if strings.Trim(strings.ToLower(value), "abcdefghijklmnopqrstuvwxyz0123456789_-.,:/+@%") == "" {
		return v
	}
	return name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
