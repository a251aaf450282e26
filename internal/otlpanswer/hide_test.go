package otlpanswer

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHide(t *testing.T) {
	headers := []string{"Bearer topsecret", "prod", "yes"}
	for _, c := range []struct{ receiver, text, want string }{
		{"https://r.example/v1/traces", "no topsecret of Bearer topsecret, yes", "no REDACTED of REDACTED, yes"},
		{"https://r.example/?env=prod&key=prod-1234#prod-1234-5", "prod: bad key prod-1234", "REDACTED: bad key REDACTED"},
		{"https://r.example/?key=ab%2Fcd%3D", "ab/cd= and ab%2Fcd%3D", "REDACTED and REDACTED"},
		{"https://r.example/?key=%zzab&a&=&b=1", "%zzab, 1", "REDACTED, 1"},
	} {
		assert.Equal(t, c.want, Hide(c.text, c.receiver, headers), c.receiver)
	}
}
