package otelbridge_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each program in docs/otel-bridge.md is either a part of the examples, which compile, or a complete program, which a test in
// internal/docs compiles. A part may show its imports.
func TestDocs(t *testing.T) {
	var code strings.Builder
	for _, file := range []string{"example_test.go", "otelexport/example_test.go"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		code.WriteString(unindented(string(text)))
	}
	page, err := os.ReadFile("../docs/otel-bridge.md")
	require.NoError(t, err)
	blocks := strings.Split(string(page), "```go\n")[1:]
	assert.NotEmpty(t, blocks)
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		if strings.HasPrefix(block, "package main\n") {
			continue
		}
		if imports, rest, ok := strings.Cut(block, "\n)\n\n"); ok && strings.HasPrefix(imports, "import (") {
			block = rest
		}
		assert.Contains(t, code.String(), unindented(block))
	}
}

func unindented(code string) string {
	lines := strings.Split(code, "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], "\t ")
	}
	return strings.Join(lines, "\n")
}
