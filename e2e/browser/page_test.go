package browser

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// JavaScript expressions for what the page shows.
const (
	items     = `document.querySelectorAll('#list [role=option]').length`
	rows      = `document.querySelectorAll('#tree [role=row]').length`
	title     = `document.querySelector('#title').innerText`
	chosenRow = `document.querySelector('#tree [aria-selected=true] .name').innerText`
	inDetail  = `document.querySelector('#detail').innerText`
	inTree    = `document.querySelector('#tree').innerText`
	focused   = `document.activeElement.id`
)

func TestLivePage(t *testing.T) {
	v := startViewer(t)
	tb := openTab(t, v.url, 1400, 860)
	tb.wait(`document.querySelector('#empty').innerText.includes('Waiting for traces')`)

	fmt.Fprint(v, hello(1))
	tb.wait(items + ` === 1`)
	fmt.Fprint(v, "not a span\n", item(2), checkout(3), hello(4))
	tb.wait(items + ` === 4`)
	assert.Equal(t, "GET /", tb.text(`document.querySelector('#list .name').innerText`), "the newest is first")

	t.Run("keys", func(t *testing.T) {
		tb.t = t
		tb.keys("j") // opens the newest trace
		tb.wait(title + `.includes('GET /')`)
		tb.keys("j")
		tb.wait(title + `.includes('POST /checkout')`)
		tb.wait(rows + ` === 8`)
		assert.Contains(t, tb.text("location.hash"), traceID(3))
		assert.Equal(t, "list", tb.text(focused))
		tb.keys("l")
		assert.Equal(t, "tree", tb.text(focused))
		assert.Equal(t, "POST /checkout", tb.text(chosenRow))
		tb.keys("l")
		assert.Equal(t, "session.load", tb.text(chosenRow))
		tb.do(chromedp.KeyEvent(kb.ArrowDown))
		assert.Equal(t, "POST", tb.text(chosenRow))
		tb.keys("h") // collapses the span
		tb.wait(rows + ` === 3`)
		assert.Equal(t, "false", tb.text(`document.querySelector('#tree [aria-selected=true]').getAttribute('aria-expanded')`))
		tb.do(chromedp.KeyEvent(kb.ArrowRight))
		tb.wait(rows + ` === 8`)
		tb.keys("h")
		tb.keys("h")
		assert.Equal(t, "POST /checkout", tb.text(chosenRow))
		tb.keys("h")
		assert.Equal(t, "list", tb.text(focused))
		tb.shoot("checkout-light")
	})

	t.Run("details", func(t *testing.T) {
		tb.t = t
		tb.keys("]")
		tb.wait(title + `.includes('GET /api/items/{id}')`)
		tb.keys("l")
		tb.keys("n") // the next failed span
		tb.keys("n")
		assert.Equal(t, "GET", tb.text(chosenRow))
		tb.do(chromedp.KeyEvent(kb.Enter))
		tb.wait(inDetail + `.includes('*net.OpError: connection refused')`)
		for _, want := range []string{"http.response.status_code", "503", "stock lookup failed", "cloud.region", "EU", spanID(5)} {
			assert.Contains(t, tb.text(inDetail), want)
		}
		assert.Equal(t, "2", tb.text(`document.querySelectorAll('#tree [aria-selected=true] .event').length`), "the exception and the log record")
		tb.shoot("item-light")
		tb.keys("t")
		tb.shoot("item-dark")
		tb.keys("t")
		tb.do(chromedp.Click(`//div[@id='tree']//bdi[text()='item.details']`, chromedp.BySearch))
		tb.wait(inDetail + `.includes('onerror=')`)
		assert.NotContains(t, tb.text("document.title"), "owned")
		assert.Equal(t, "0", tb.text(`document.querySelectorAll('img, .detail script').length`), "markup of a trace stays text")
		tb.do(chromedp.KeyEvent(kb.Escape))
		tb.wait(`document.querySelector('#detail').hidden`)
	})

	t.Run("zoom", func(t *testing.T) {
		tb.t = t
		assert.Equal(t, "Drag to zoom", tb.text(`document.querySelector('#range').innerText`))
		tb.drag("#overview", 0.25, 0.5)
		tb.wait(`document.querySelector('#range').innerText.includes('of 24.0ms')`)
		tb.shoot("zoomed-light")
		tb.keys("0")
		tb.wait(`document.querySelector('#range').innerText === 'Drag to zoom'`)
		tb.keys("z")
		tb.wait(`document.querySelector('#range').innerText.includes('of 24.0ms')`)
		tb.do(chromedp.Click("#zoom-out", chromedp.ByQuery))
		tb.wait(`document.querySelector('#range').innerText === 'Drag to zoom'`)
	})

	t.Run("search", func(t *testing.T) {
		tb.t = t
		tb.search("status_code=503")
		tb.wait(items + ` === 1`)
		tb.wait(`document.querySelectorAll('#tree .match').length === 1`)
		assert.Contains(t, tb.text("location.hash"), "q=status_code%3D503")
		assert.Equal(t, "1 of 4 traces", tb.text(`document.querySelector('#count').innerText`))
		tb.do(chromedp.KeyEvent(kb.Escape))
		tb.wait(items + ` === 4`)
		tb.search("stock lookup") // in a log record
		tb.wait(items + ` === 1`)
		tb.do(chromedp.KeyEvent(kb.Escape))
		tb.keys("e")
		tb.wait(items + ` === 1`)
		assert.Equal(t, "true", tb.text(`document.querySelector('#errors').getAttribute('aria-pressed')`))
		tb.keys("e")
		tb.wait(items + ` === 4`)
	})

	t.Run("grows", func(t *testing.T) {
		tb.t = t
		fmt.Fprint(v, line("backend", 2, span{7, 3, "GET /items/{id}", 2, 3000, 13000, nil, nil, ""}))
		tb.wait(rows + ` === 7`)
		tb.wait(inTree + `.includes('backend')`)
		assert.Equal(t, "4", tb.text(items))
	})

	t.Run("address", func(t *testing.T) {
		tb.t = t
		tb.do(chromedp.Navigate(v.url + "#trace=" + traceID(3) + "&span=" + spanID(32)))
		tb.do(chromedp.Reload())
		tb.wait(title + `.includes('POST /checkout')`)
		tb.wait(inDetail + `.includes('rules')`)
		tb.do(chromedp.Navigate(v.url + "#trace=" + traceID(99)))
		tb.wait(`document.querySelector('#empty').innerText.includes('not here')`)
		fmt.Fprint(v, hello(99))
		tb.wait(title + `.includes('GET /')`)
	})

	t.Run("help", func(t *testing.T) {
		tb.t = t
		tb.keys("?")
		tb.wait(`document.querySelector('#help').open`)
		tb.shoot("help-light")
		tb.do(chromedp.KeyEvent(kb.Escape))
		tb.wait(`!document.querySelector('#help').open`)
	})

	tb.t = t
	tb.checkQuiet(v.url)
}

func TestPageInAFile(t *testing.T) {
	url := writePage(t, hello(1)+item(2)+checkout(3))
	tb := openTab(t, url, 1400, 860)
	tb.wait(items + ` === 3`)
	tb.wait(title + `.includes('POST /checkout')`)
	tb.keys("j")
	tb.wait(title + `.includes('/api/items/2')`)
	tb.keys("l")
	tb.keys("G")
	assert.Equal(t, "render", tb.text(chosenRow))
	tb.checkQuiet("file://")
}

func TestNarrowPage(t *testing.T) {
	url := writePage(t, hello(1)+item(2)+checkout(3))
	tb := openTab(t, url, 600, 900)
	tb.wait(rows + ` === 8`)
	assert.Equal(t, "false", tb.text(`document.documentElement.scrollWidth > innerWidth`), "the page is not wider than the window")
	tb.shoot("narrow-light")
}

func TestPageOfManySpans(t *testing.T) {
	const n = 10_000
	url := writePage(t, large(1, n))
	began := time.Now()
	tb := openTab(t, url, 1400, 860)
	tb.wait(inTree + `.includes('step 2')`)
	assert.Less(t, time.Since(began), 10*time.Second)
	assert.Contains(t, tb.text(`document.querySelector('#facts').innerText`), "10,000 spans")
	for range 30 {
		tb.keys("j")
	}
	tb.keys("l")
	tb.keys("G")
	tb.wait(`document.querySelector('#tree [aria-selected=true]').getAttribute('aria-rowindex') === '10000'`)
	var drawn int
	tb.do(chromedp.Evaluate(rows, &drawn))
	assert.Less(t, drawn, 100, "only what can be seen is in the document")
	tb.keys("f")
	tb.wait(rows + ` === 1`)
	tb.keys("F")
	tb.wait(rows + ` > 20`)
	tb.shoot("large-light")
	tb.checkQuiet("file://")
}

func TestLivePageIsBounded(t *testing.T) {
	v := startViewer(t, "--keep", "5")
	tb := openTab(t, v.url, 1200, 800)
	var text strings.Builder
	for i := range 40 {
		text.WriteString(hello(i + 1))
		if i%10 == 0 {
			fmt.Fprint(v, text.String())
			text.Reset()
			time.Sleep(100 * time.Millisecond)
		}
	}
	fmt.Fprint(v, text.String())
	tb.wait(`document.querySelector('#count').innerText === '5 traces'`)
	tb.checkQuiet(v.url)
}

func TestListFollowsTheWheel(t *testing.T) {
	var text strings.Builder
	for i := range 300 {
		text.WriteString(hello(i + 1))
	}
	tb := openTab(t, writePage(t, text.String()), 1200, 800)
	tb.wait(items + ` > 5`)
	tb.do(chromedp.ActionFunc(input.DispatchMouseEvent(input.MouseWheel, 100, 400).WithDeltaX(0).WithDeltaY(5000).Do))
	tb.wait(`document.querySelector('#list').scrollTop > 3000`)
	tb.wait(`[...document.querySelectorAll('#list [role=option]')].some((e) => Number(e.dataset.index) > 60)`)
}
