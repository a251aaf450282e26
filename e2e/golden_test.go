package e2e

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goldenFile has the client's response for each kind of handler. A response has one line, or one per host if they differ.
const goldenFile = "testdata/responses.golden"

// golden returns the file's lines by "METHOD path". A line for this host takes precedence over one for both.
var golden = sync.OnceValues(func() (map[string]string, error) {
	text, err := os.ReadFile(goldenFile)
	if err != nil {
		return nil, err
	}
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		key, value, ok := strings.Cut(line, " -> ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		only, rest, _ := strings.Cut(key, ": ")
		switch {
		case only == host.name:
			want[rest] = value
		case rest != "":
		case want[key] == "":
			want[key] = value
		}
	}
	return want, nil
})

// assertGolden compares a client's response with the file.
func assertGolden(t *testing.T, key string, r rawResponse) {
	t.Helper()
	want, err := golden()
	require.NoError(t, err)
	assert.Equal(t, want[key], r.String(), "%s has to say what the client of %q gets on %s", goldenFile, key, host.name)
}

func isGolden(key string, r rawResponse) bool {
	want, err := golden()
	return err == nil && want[key] == r.String()
}

// String returns the response in one line.
func (r rawResponse) String() string {
	if r.status == "" {
		return r.ending
	}
	var parts []string
	for _, interim := range r.interim {
		parts = append(parts, strings.ReplaceAll(interim, "\n", ", "))
	}
	parts = append(parts, strings.TrimPrefix(r.status, "HTTP/1.1 "))
	for _, line := range r.header {
		quoted := strconv.QuoteToASCII(line)
		parts = append(parts, quoted[1:len(quoted)-1])
	}
	if r.framing != "" {
		parts = append(parts, r.framing)
	}
	if len(r.body) > 200 {
		parts = append(parts, fmt.Sprintf("%d bytes, sha256 %.8x", len(r.body), sha256.Sum256([]byte(r.body))))
	} else {
		parts = append(parts, fmt.Sprintf("%q", r.body))
	}
	for _, trailer := range r.trailers {
		parts = append(parts, "trailer "+trailer)
	}
	parts = append(parts, r.ending)
	if r.after != "" {
		parts = append(parts, fmt.Sprintf("then %q", r.after))
	}
	return strings.Join(parts, " | ")
}
