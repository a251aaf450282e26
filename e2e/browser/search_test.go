package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// Enter searches for the typed text, no matter how soon it follows the last letter.
func TestEnterSearchesAtOnce(t *testing.T) {
	tb := openTab(t, writePage(t, hello(1)+item(2)+checkout(3)), 1400, 860)
	tb.wait(items + ` === 3`)
	tb.do(chromedp.Evaluate(`{
		const input = document.querySelector('#search');
		input.focus();
		input.value = 'item.stock';
		input.dispatchEvent(new Event('input'));
		input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
	}`, nil))
	assert.Contains(t, tb.text(title), "/api/items/2")
	assert.Equal(t, "1", tb.text(items))
}

// The search finds what is on the screen, as a word and as an attribute.
func TestSearchFindsWhatIsShown(t *testing.T) {
	linked := strings.Replace(line("links", 4, span{1, 0, "linked", 1, 0, 300, obj{"url.query": "id=7&q=a=b"}, nil, ""}), `"name":"linked"`,
		fmt.Sprintf(`"name":"linked","traceState":"ot=th:c","links":[{"traceId":%q,"spanId":%q,"attributes":[{"key":"link.kind","value":{"stringValue":"retry"}}]}]`, traceID(3), spanID(32)), 1)
	loose := fmt.Sprintf(`{"time":"2023-11-14T22:13:25Z","level":"WARN","msg":"shelf","trace_id":%q,"row":12}`+"\n", traceID(5))
	tb := openTab(t, writePage(t, hello(1)+item(2)+checkout(3)+linked+hello(5)+loose), 1400, 860)
	tb.wait(items + ` === 5`)
	for words, want := range map[string]string{
		"exception.type=neterror":  "", // there is no such value
		"exception.type=operror":   "GET /api/items/{id}",
		"item=2":                   "GET /api/items/{id}", // of a log record
		"severity=error":           "GET /api/items/{id}",
		"level=warn row=12":        "",
		"severity=warn row=12":     "GET /", // of a log record without a span
		"link.kind=retry":          "linked",
		"retry":                    "linked",
		"id=7":                     "linked",
		"id=7&q=a=b":               "linked",
		"url.query=id=7&q=a=b":     "linked",
		"ot=th:c":                  "linked",
		"status_code=503":          "GET /api/items/{id}",
		"status_code=50 backend/i": "",
	} {
		tb.search(words)
		n := "0"
		if want != "" {
			n = "1"
		}
		tb.do(chromedp.KeyEvent(kb.Enter))
		assert.Equal(t, n, tb.text(items), words)
		if want != "" {
			assert.Equal(t, want, tb.text(firstIn), words)
		}
		tb.keys("/")
		tb.do(chromedp.KeyEvent(kb.Escape))
		tb.wait(items + ` === 5`)
	}
	tb.checkQuiet("file://")
}

// A search without a result says so, and how to leave it.
func TestSearchWithoutHits(t *testing.T) {
	v := startViewer(t)
	fmt.Fprint(v, hello(1), hello(2))
	tb := openTab(t, v.url, 1000, 700)
	tb.wait(items + ` === 2`)
	tb.search("nowhere")
	tb.wait(`document.querySelector('#none').innerText.includes('Nothing matches')`)
	tb.wait(`document.querySelector('#empty').innerText.includes('Nothing matches')`)
	assert.Equal(t, "0 of 2 traces", tb.text(`document.querySelector('#count').innerText`))
	tb.shoot("no-hits")
	tb.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Escape))
	tb.wait(items + ` === 2`)
	assert.Equal(t, "", tb.text(`document.querySelector('#search').value`))
	assert.Equal(t, "true", tb.text(`document.querySelector('#none').hidden`))
	tb.keys("e")
	tb.wait(`document.querySelector('#none').innerText.includes('No trace has an error')`)
	tb.checkQuiet(v.url)
}

// Some programs write ids in upper case.
func TestAddressInUpperCase(t *testing.T) {
	id := "ABCDEF00000000000000000000000001"
	tb := openTab(t, writePage(t, strings.ReplaceAll(item(2), traceID(2), strings.ToLower(id))+hello(3))+"#trace="+id, 1400, 860)
	tb.wait(title + `.includes('/api/items/2')`)
}

// Log records are sorted by time, whatever the order of their arrival and whether they have a span.
func TestLogRecordsAreInOrder(t *testing.T) {
	record := func(ms int, span string) string {
		return fmt.Sprintf(`{"time":"2023-11-14T22:13:22.%03dZ","level":"INFO","msg":"record %d","trace_id":%q,"span_id":%q}`+"\n", ms, ms, traceID(2), span)
	}
	tb := openTab(t, writePage(t, item(2)+record(15, "")+record(12, spanID(1))+record(19, spanID(1))+record(11, "")), 1400, 860)
	tb.wait(rows + ` === 6`)
	tb.keys("l")
	tb.do(chromedp.KeyEvent(kb.Enter))
	tb.wait(inDetail + `.includes('record 19')`)
	assert.Equal(t, "record 11,record 12,record 15,record 19", tb.text(`[...document.querySelectorAll('#detail .when .text')].map((e) => e.innerText).filter((t) => t.startsWith('record'))`))
}
