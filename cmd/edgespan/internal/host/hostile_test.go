package host

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A guest that passes nonsense gets an error, and the host goes on.
func TestHostileGuest(t *testing.T) {
	f := start(t, "")
	resp, body := f.get("/hostile")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, strings.TrimLeft(`
endpoint_get name: 2
endpoint_get out: 2
endpoint_get unaligned: 6
log write handle: 3
header_insert name: 2
header_insert long: 2
header_insert handle: 3
header_names buf: 2
header_names cursor: 2
uri_get buf: 2
method_set empty: 1
send handle: 3
body read buf: 2
body write buf: 2
body write end: 2
body append itself: 3
body new out: 2
status_set handle: 3
send_downstream: 3
select none: 2
select too many: 2
select far: 2
next_request_wait: 5
register_dynamic_backend: 2
unknown module: 5
unknown function: 5
unknown function again: 5
`, "\n"), body)
	assert.Equal(t, 1, strings.Count(f.stderr.String(), "fastly_log.write_v9"), "named once")
	assert.Equal(t, 1, strings.Count(f.stderr.String(), "fastly_future.shine"))
}
