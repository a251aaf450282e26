package middleware

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// ttl returns how long an object of the cache is still fresh, in seconds; less than nothing if it is stale. The platform
// subtracts without a sign.
func ttl(resp *fsthttp.Response) (int64, bool) {
	seconds, ok := resp.TTL()
	return int64(int32(seconds)), ok && resp.FromCache()
}

// cacheOutcome returns "hit", "stale", "miss" or "pass", or "" where the platform does not tell. Where the guest does the caching, the SDK
// knows; where the host does, the last entry of X-Cache is the nearest cache's.
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
