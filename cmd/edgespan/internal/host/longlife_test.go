package host

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// Guests do not close the handles of requests and responses. However many there are, a sandbox holds the latest.
func TestSandboxHoldsTheLatestHandles(t *testing.T) {
	sb := &sandbox{host: &Host{}}
	var lastReq, lastBody, lastResp, lastRead uint32
	for range 3 * keptRequests {
		lastReq, lastBody = sb.accept(newExchange(0, httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader("text"))))
		for range 3 * keptResponses / keptRequests {
			sb.takeRequest(sb.requests.add(&requestSlot{req: &request{}})) // one that is sent
			b := &body{}
			b.addSource(&source{r: io.NopCloser(strings.NewReader("text")), left: -1})
			lastResp, lastRead = sb.receive(&response{}, b)
			_, err := io.ReadAll(reader{context.Background(), b})
			require.NoError(t, err)
			assert.Nil(t, b.chunks, "the source, which has a connection")
		}
	}
	assert.Len(t, sb.requests.items, keptRequests)
	assert.Len(t, sb.responses.items, keptResponses)
	assert.Len(t, sb.items.items, keptRequests+keptResponses)
	assert.NotNil(t, sb.request(lastReq))
	assert.NotNil(t, sb.body(lastBody))
	assert.NotNil(t, sb.body(lastRead))
	assert.NotNil(t, sb.responses.get(lastResp))

	unread := &body{}
	unread.addSource(&source{r: io.NopCloser(strings.NewReader("text")), left: -1})
	_, h := sb.receive(&response{}, unread)
	for range 2 * keptResponses {
		sb.receive(&response{}, &body{})
	}
	text, err := io.ReadAll(reader{context.Background(), sb.body(h)})
	require.NoError(t, err)
	assert.Equal(t, "text", string(text), "a guest may read a body at any time")
}

// Stores have no call that closes them. A guest that opens one for each request gets the same handle each time, unless the store has
// changed.
func TestNameHasOneHandle(t *testing.T) {
	var stores names[int]
	for range 3 {
		assert.Equal(t, uint32(0), stores.open("a", 1, nil))
		assert.Equal(t, uint32(1), stores.open("b", 2, nil))
	}
	same := func(before int) bool { return before == 3 }
	for range 3 {
		assert.Equal(t, uint32(2), stores.open("a", 3, same))
	}
	assert.Equal(t, 1, *stores.get(0), "the first handle still has what was there then")
	assert.Len(t, stores.items, 3)
}

// Items whose time is over are dropped, although nobody asks for them.
func TestKVStoreDropsWhatHasExpired(t *testing.T) {
	s := newKVStore(map[string]manifest.KVEntry{"kept": {}})
	for i := range 10_000 {
		require.Equal(t, kvOK, s.insert(strconv.Itoa(i), kvInsertion{ttl: 1}))
		require.Less(t, len(s.items), 10)
	}
	_, ok := s.lookup("kept")
	assert.True(t, ok)
}

// A service may make names of what its clients send. The notices about them come to an end.
func TestNoticesAboutNamesEnd(t *testing.T) {
	f := start(t, "")
	for i := range maxNames + 10 {
		f.host.missing("opened store", fmt.Sprint("s", i), nil, "%s")
	}
	f.host.once("other", "something else")
	said := strings.Split(strings.TrimSpace(f.stderr.String()), "\n")
	assert.Len(t, said, maxNames+2)
	assert.Contains(t, said[maxNames], "there will be no more")
	assert.Contains(t, said[maxNames+1], "something else")
	n := 0
	f.host.said.Range(func(any, any) bool { n++; return true })
	assert.Equal(t, maxNames+1, n)
}

// A backend that never answers does not hold a connection for a sandbox that has ended or has long gone on to other requests, nor for a
// client that has gone.
func TestAbandonedRequestEnds(t *testing.T) {
	asked, gone := make(chan bool, 3), make(chan bool, 3)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- true
		<-r.Context().Done()
		gone <- true
	}))
	defer server.Close()
	f := start(t, backend("silent", server.URL), func(c *Config) { c.abandonTime = time.Millisecond })
	send := func() *pending {
		p := f.host.send(f.host.origins["silent"], &request{method: "GET", uri: "http://x/"}, &body{})
		<-asked
		return p
	}

	sb := &sandbox{host: f.host}
	p := send()
	sb.items.add(&asyncItem{pending: p})
	sb.end()
	<-gone
	<-p.done
	require.NotNil(t, p.err)
	assert.ErrorIs(t, p.err.err, errAbandoned)

	sb, p = &sandbox{host: f.host}, send()
	sb.items.add(&asyncItem{pending: p})
	for range keptRequests + 1 {
		sb.accept(newExchange(0, httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)))
	}
	<-gone
	<-p.done
	assert.Len(t, sb.items.items, keptRequests, "the bodies of the clients' requests")

	ctx, leave := context.WithCancel(context.Background())
	ex := newExchange(0, httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(ctx))
	p = send()
	ex.say(answer{pending: p})
	leave()
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { ex.serve(f.host) })
	<-gone
	<-p.done
}
