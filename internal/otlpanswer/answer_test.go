package otlpanswer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readTable reads cases that e2e/browser also tests the page's sender with.
func readTable(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into))
}

func TestRead(t *testing.T) {
	var cases []struct {
		Status   int
		Type     string
		Body     string
		Outcome  string
		Rejected int
		Message  string
		Text     bool // accepted, but the body is not OTLP, which edgespan ship reports
	}
	readTable(t, "answers.json", &cases)
	for _, c := range cases {
		o, rejected, message := Read(c.Status, c.Type, []byte(c.Body), RejectedSpans, 10, asIs)
		assert.Equal(t, c.Outcome, [...]string{"taken", "refused", "later"}[o], "%+v", c)
		assert.Equal(t, c.Rejected, rejected, "%+v", c)
		assert.Equal(t, c.Message, message, "%+v", c)
		if o == Taken {
			assert.Equal(t, c.Text, IsText(c.Type, []byte(c.Body)), "%+v", c)
		}
	}
}
