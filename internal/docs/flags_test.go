package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	commandStruct = regexp.MustCompile(`(?ms)^type (\w+)Command struct \{\n(.*?)^\}`)
	flagField     = regexp.MustCompile("(?m)^\t([A-Z]\\w*) +\\S+ +`([^`]*)`")
	inName        = regexp.MustCompile(`([a-z])([A-Z])`)
	commandLine   = regexp.MustCompile("\\bedgespan (serve|view|ship|check|demo)\\b([^|`\n;&]*)")
	inlineFlag    = regexp.MustCompile("`--([a-z][a-z-]*)")
	anyFlag       = regexp.MustCompile(`--([a-z][a-z-]*)`)
)

// flags returns the flags of each subcommand of edgespan.
func flags(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	files, err := filepath.Glob(root + "/cmd/edgespan/*.go")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, command := range commandStruct.FindAllStringSubmatch(string(text), -1) {
			all[command[1]] = map[string]bool{"help": true}
			for _, field := range flagField.FindAllStringSubmatch(command[2], -1) {
				if !strings.Contains(field[2], `arg:""`) {
					all[command[1]][strings.ToLower(inName.ReplaceAllString(field[1], "$1-$2"))] = true
				}
			}
		}
	}
	require.True(t, all["serve"]["max-sandboxes"] && all["view"]["slower"] && all["ship"]["endpoint"])
	return all
}

// The flags in commands on pages exist, and so do those that the page of a command mentions.
func TestFlags(t *testing.T) {
	flags := flags(t)
	for page, text := range pages(t) {
		for _, m := range commandLine.FindAllStringSubmatch(text, -1) {
			for _, flag := range anyFlag.FindAllStringSubmatch(m[2], -1) {
				assert.True(t, flags[m[1]][flag[1]], "%s: edgespan %s has no --%s", page, m[1], flag[1])
			}
		}
		command := strings.TrimSuffix(filepath.Base(page), ".md")
		for _, m := range inlineFlag.FindAllStringSubmatch(text, -1) {
			known := flags[command] == nil || flags[command][m[1]] || m[1] == "timestamps" // of fastly log-tail
			assert.True(t, known, "%s: edgespan %s has no --%s", page, command, m[1])
		}
	}
}
