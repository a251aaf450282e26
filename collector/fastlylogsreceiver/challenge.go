package fastlylogsreceiver

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

const challengePath = "/.well-known/fastly/logging/challenge"

// challenge answers Fastly's request for proof that a service may log to this host. The response has one line per service id,
// the id's SHA-256 in hex, or "*" for any service. See
// https://www.fastly.com/documentation/guides/integrations/logging-endpoints/log-streaming-https/.
func challenge(serviceIDs []string) http.HandlerFunc {
	var answer strings.Builder
	for _, id := range serviceIDs {
		if id == "*" {
			answer.WriteString("*\n")
			continue
		}
		sum := sha256.Sum256([]byte(id))
		answer.WriteString(hex.EncodeToString(sum[:]) + "\n")
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(answer.String()))
	}
}
