package middleware

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// ttl returns how many seconds a cached object stays fresh, and whether resp is a cached object. A stale object has a negative
// number. The platform subtracts unsigned numbers, so the sign has to be restored.
func ttl(resp *fsthttp.Response) (int64, bool) {
	seconds, ok := resp.TTL()
	return int64(int32(seconds)), ok && resp.FromCache()
}

// cacheOutcome returns "hit", "stale", "miss" or "pass", or "" if the platform does not tell. If the guest does the caching,
// the SDK knows the outcome. If the host does, it is the last entry of X-Cache, which is that of the nearest cache.
func cacheOutcome(resp *fsthttp.Response) string {
	if resp.FromCache() {
		if ttl, _ := ttl(resp); ttl < 0 {
			return "stale"
		}
		return "hit"
	}
	last := lastEntry(resp.Header["X-Cache"])
	switch {
	case strings.HasPrefix(last, "HIT"):
		return "hit"
	case strings.HasPrefix(last, "MISS"):
		return "miss"
	case strings.HasPrefix(last, "PASS"):
		return "pass"
	}
	return ""
}
