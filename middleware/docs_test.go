package middleware

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryAttributeIsDocumented checks that docs/spans.md lists every attribute that the middleware and the tracer record by
// themselves, and no attribute that they do not record.
func TestEveryAttributeIsDocumented(t *testing.T) {
	const page = "../docs/spans.md"
	read := func(name string) string {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		return string(text)
	}
	key := `(?:http|url|server|client|network|user_agent|fastly|error|exception|edgespan)\.[a-z_.]*[a-z]`
	var code strings.Builder
	for _, name := range []string{"server.go", "send.go", "sendbody.go", "handoff.go", "../sdk/trace/finish.go"} {
		code.WriteString(read(name))
	}
	recorded := map[string]bool{"http.request.header": true, "http.response.header": true} // from option.go, followed by the name of the header
	for _, found := range regexp.MustCompile(`"(`+key+`)"`).FindAllStringSubmatch(code.String(), -1) {
		recorded[found[1]] = true
	}
	require.Greater(t, len(recorded), 25)
	documented := map[string]bool{}
	for _, found := range regexp.MustCompile("`("+key+")(?:\\.<name>)?`").FindAllStringSubmatch(read(page), -1) {
		documented[found[1]] = true
	}
	for name := range recorded {
		assert.True(t, documented[name], "%s is recorded, and not in %s", name, page)
	}
	for name := range documented {
		assert.True(t, recorded[name], "%s is in %s, and not recorded", name, page)
	}
}
