package browser

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// What axe_test.go cannot see: the page with a keyboard alone, with a screen reader, on a small or printed page, while traces arrive.

const linkState = `document.querySelector('#link').innerText`

// middle returns the middle of an element.
func (tb *tab) middle(selector string) (x, y float64) {
	tb.t.Helper()
	var box struct{ X, Y, Width, Height float64 }
	tb.do(chromedp.Evaluate("document.querySelector('"+selector+"').getBoundingClientRect().toJSON()", &box))
	return box.X + box.Width/2, box.Y + box.Height/2
}

// A click that takes as long as a person's is not lost because a trace has arrived meanwhile, and the rows do not move away under
// the mouse.
func TestClicksWhileTracesArrive(t *testing.T) {
	v := startViewer(t)
	for i := range 30 {
		fmt.Fprint(v, hello(i+1))
	}
	fmt.Fprint(v, checkout(31), item(32))
	tb := openTab(t, v.url, 1400, 860)
	tb.wait(`document.querySelector('#count').innerText === '32 traces'`)
	x, y := tb.middle(`#list [data-index="1"]`)
	tb.do(chromedp.MouseEvent("mouseMoved", x, y))
	for i := 33; i < 36; i++ {
		fmt.Fprint(v, hello(i))
		tb.wait(fmt.Sprintf(`document.querySelector('#count').innerText === '%d traces'`, i))
	}
	tb.do(chromedp.MouseEvent("mousePressed", x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	fmt.Fprint(v, hello(36))
	tb.wait(`document.querySelector('#count').innerText === '36 traces'`)
	tb.do(chromedp.MouseEvent("mouseReleased", x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	tb.wait(title + `.includes('POST /checkout')`)
	tb.do(chromedp.MouseEvent("mouseMoved", 900, 700))
	tb.wait(`document.querySelector('#list').scrollTop === 0`) // the list follows again
	tb.checkQuiet(v.url)
}

// A trace that grows takes neither the focus nor the selected text from its reader, and arriving traces never make a screen reader
// speak.
func TestReadingWhileTracesArrive(t *testing.T) {
	v := startViewer(t)
	fmt.Fprint(v, item(2), checkout(3))
	tb := openTab(t, v.url+"#trace="+traceID(2)+"&span="+spanID(5), 1400, 860)
	tb.wait(inDetail + `.includes('connection refused')`)
	tb.wait(linkState + ` === 'Live'`)
	tb.do(chromedp.Focus("#detail .close", chromedp.ByQuery), chromedp.Evaluate(`{
		window.said = [];
		for (const e of document.querySelectorAll('[role=status]')) new MutationObserver(() => said.push(e.innerText)).observe(e, { childList: true, characterData: true, subtree: true });
		const range = document.createRange();
		range.selectNodeContents([...document.querySelectorAll('#detail dd')].find((e) => e.innerText === '`+spanID(5)+`'));
		getSelection().addRange(range);
		window.active = document.getElementById(document.querySelector('#tree').getAttribute('aria-activedescendant'));
	}`, nil))
	fmt.Fprint(v, line("backend", 2, span{7, 3, "GET /items/{id}", 2, 3000, 13000, nil, nil, ""}))
	tb.wait(rows + ` === 7`)
	assert.Equal(t, "close", tb.text(`document.activeElement.className`))
	assert.Equal(t, spanID(5), tb.text(`getSelection()`))
	assert.Equal(t, "true", tb.text(`document.querySelector('#tree [aria-selected=true] .name').innerText === 'GET'`))
	for i := range 5 {
		fmt.Fprint(v, hello(10+i))
		tb.wait(fmt.Sprintf(`document.querySelectorAll('#list [role=option]').length === %d`, 3+i))
	}
	assert.Equal(t, "", tb.text(`said`))
	tb.search("refused")
	tb.wait(`document.querySelector('#said').innerText === '1 of 7 traces, 1 span found'`)
	tb.checkQuiet(v.url)
}

// A screen reader is told which of how many traces it is at, and that a span has failed, which is not only a colour.
func TestWhatAScreenReaderIsTold(t *testing.T) {
	tb := openTab(t, writePage(t, hello(1)+item(2)+checkout(3)), 1400, 860)
	tb.keys("jl")
	tb.wait(rows + ` === 6`)
	type value struct {
		Value string `json:"value"`
	}
	var tree struct { // package accessibility does not know all values
		Nodes []struct {
			Role value `json:"role"`
			Name value `json:"name"`
		} `json:"nodes"`
	}
	tb.do(chromedp.ActionFunc(func(c context.Context) error { return cdp.Execute(c, accessibility.CommandGetFullAXTree, nil, &tree) }))
	names := map[string][]string{}
	for _, n := range tree.Nodes {
		names[n.Role.Value] = append(names[n.Role.Value], n.Name.Value)
	}
	all := strings.Join(names["row"], "\n")
	assert.Contains(t, all, "GET failed 503 client starts at 1.60ms, 1 event, 1 log record took 17.4ms")
	assert.Contains(t, all, "GET 200")
	assert.Subset(t, names["button"], []string{"Errors only", "Light or dark colours", "Zoom in", "Zoom out"})
	assert.Contains(t, names["treegrid"], "Spans")
	assert.Equal(t, "2 of 3", tb.text(`(({ ariaPosInSet, ariaSetSize }) => ariaPosInSet + ' of ' + ariaSetSize)(document.querySelector('#list [aria-selected=true]'))`))
}

// The list, which has the focus at first, shows it also if no trace is open.
func TestFocusIsVisible(t *testing.T) {
	v := startViewer(t)
	tb := openTab(t, v.url, 1400, 860)
	tb.wait(focused + ` === 'list'`)
	tb.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab)) // to the foot, and out of the page
	const outline = `getComputedStyle(document.activeElement).outlineStyle`
	for range 12 {
		if tb.text(focused) != "" {
			assert.Equal(t, "solid", tb.text(outline), tb.text(focused))
		}
		tb.do(chromedp.KeyEvent(kb.Tab))
	}
	fmt.Fprint(v, hello(1))
	tb.wait(items + ` === 1`)
	tb.do(chromedp.Focus("#list", chromedp.ByQuery))
	tb.keys("j")
	tb.wait(rows + ` === 1`)
	assert.Equal(t, "none solid", tb.text(outline+` + ' ' + getComputedStyle(document.querySelector('#list [aria-selected=true]')).outlineStyle`))
}

// Programs that type what is said press every key. The keys that are characters can be turned off, and stay off.
func TestKeysThatAreCharacters(t *testing.T) {
	v := startViewer(t)
	fmt.Fprint(v, hello(1), item(2))
	tb := openTab(t, v.url, 1400, 860)
	tb.wait(items + ` === 2`)
	tb.keys("?")
	tb.wait(`document.querySelector('#help').open`)
	assert.Equal(t, "help-title", tb.text(focused), "the keys are read from their beginning")
	tb.do(chromedp.Click("#letters", chromedp.ByQuery), chromedp.KeyEvent(kb.Escape))
	for range 2 {
		tb.keys("je")
		assert.Equal(t, "", tb.text(`location.hash`))
		tb.do(chromedp.KeyEvent(kb.ArrowDown))
		tb.wait(title + `.includes('/api/items/2')`)
		tb.do(chromedp.Navigate("about:blank"), chromedp.Navigate(v.url))
		tb.wait(items + ` === 2`)
	}
}

// WebKit refuses more than 100 changes of the address in ten seconds. The key repeats up to 30 times a second.
func TestAKeyIsHeldDown(t *testing.T) {
	var text strings.Builder
	for i := range 300 {
		text.WriteString(hello(i + 1))
	}
	tb := openTab(t, writePage(t, text.String()), 1400, 860)
	tb.wait(items + ` > 5`)
	tb.do(chromedp.Evaluate(`{
		window.changes = 0;
		for (const name of ['pushState', 'replaceState']) { const was = history[name]; history[name] = function (...args) { changes++; return was.apply(this, args); }; }
		for (let i = 0; i < 250; i++) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
	}`, nil))
	assert.Equal(t, "251", tb.text(`document.querySelector('#list [aria-selected=true]').ariaPosInSet`))
	tb.wait(`location.hash.includes('` + traceID(50) + `')`)
	assert.Equal(t, "true", tb.text(`changes < 50`), "in far less than ten seconds")
}

// A paused page shows what it has, and afterwards what the server has: not what was dropped there meanwhile.
func TestPause(t *testing.T) {
	v := startViewer(t, "--keep", "3")
	fmt.Fprint(v, hello(1), hello(2), hello(3))
	tb := openTab(t, v.url, 1400, 860)
	tb.wait(items + ` === 3`)
	tb.keys("p")
	assert.Equal(t, "Paused", tb.text(linkState))
	other := openTab(t, v.url, 1400, 860)
	other.wait(items + ` === 3`)
	fmt.Fprint(v, item(4), checkout(5))
	other.wait(firstIn + ` === 'POST /checkout'`)
	assert.Equal(t, "GET / GET / GET /", tb.text(`[...document.querySelectorAll('#list .name')].map((e) => e.innerText).join(' ')`))
	tb.do(chromedp.Click("#pause", chromedp.ByQuery))
	tb.wait(firstIn + ` === 'POST /checkout'`)
	tb.wait(items + ` === 3`)
	assert.Equal(t, "Live", tb.text(linkState))
	tb.checkQuiet(v.url)
}

// The server has room for 64 MiB. A page that was away does not keep more than the server has.
func TestPageForgetsWhatTheServerHas(t *testing.T) {
	v := startViewer(t)
	big := func(trace int) string {
		return line("shop", trace, span{1, 0, "GET /big", 2, 0, 300, obj{"text": strings.Repeat("x", 12<<20)}, nil, ""})
	}
	for i := range 4 {
		fmt.Fprint(v, big(i+1))
	}
	tb := openTab(t, v.url, 1400, 860)
	tb.wait(items + ` === 4`)
	tb.keys("p")
	for i := range 4 {
		fmt.Fprint(v, big(i+5))
	}
	fmt.Fprint(v, hello(9))
	other := openTab(t, v.url, 1400, 860)
	other.wait(items + ` > 1 && ` + firstIn + ` === 'GET /'`)
	tb.keys("p")
	tb.wait(firstIn + ` === 'GET /'`)
	tb.wait(items + ` === ` + other.text(items))
}

// A browser opens six connections to a server. Pages that are not visible give theirs up.
func TestManyTabs(t *testing.T) {
	v := startViewer(t)
	fmt.Fprint(v, hello(1))
	first := openTab(t, v.url, 1000, 700)
	first.wait(items + ` === 1`)
	for range 8 {
		id := target.ID("")
		first.do(chromedp.ActionFunc(func(c context.Context) (err error) {
			id, err = target.CreateTarget("about:blank").Do(c)
			return err
		}))
		ctx, cancel := chromedp.NewContext(first.ctx, chromedp.WithTargetID(id))
		t.Cleanup(cancel)
		tb := &tab{t: t, ctx: ctx}
		tb.do(target.ActivateTarget(id), chromedp.Navigate(v.url))
		tb.wait(items + ` === 1`)
	}
	fmt.Fprint(v, hello(2))
	first.do(target.ActivateTarget(chromedp.FromContext(first.ctx).Target.TargetID))
	first.wait(items + ` === 2`)
}

// What can be hit is at least 24 pixels wide and high, also the arrows that fold spans.
func TestTargetsAreLarge(t *testing.T) {
	tb := openTab(t, writePage(t, hello(1)+item(2)), 1400, 860)
	tb.wait(rows + ` === 6`)
	tb.do(chromedp.Click(`#tree [data-index="4"] .name`, chromedp.ByQuery))
	tb.wait(inDetail + `.includes('connection refused')`)
	assert.Equal(t, "", tb.text(`[...document.querySelectorAll('button, select, input, [role=option], [role=row]')].filter((e) => {
		const { width, height } = e.getBoundingClientRect();
		return width && (width < 24 || height < 24);
	}).map((e) => e.outerHTML)`))
	x, y := tb.middle(`#tree [data-index="1"] .fold`)
	tb.do(chromedp.MouseClickXY(x-11, y))
	tb.wait(rows + ` === 5`)
}

// At 400 % in a window of 1280 by 1024, everything can be reached by scrolling downwards, and nothing behind the details has the
// focus.
func TestFourfoldZoom(t *testing.T) {
	long := strings.Repeat("/a-long-path", 50)
	tb := openTab(t, writePage(t, checkout(1)+line("shop", 2, span{1, 0, "GET " + long, 2, 0, 500, obj{"url.path": long + "/x"}, nil, ""})), 320, 256)
	tb.wait(rows + ` === 1`)
	assert.Equal(t, "true", tb.text(`document.documentElement.scrollWidth <= 320`))
	for _, id := range []string{"list", "tree"} {
		assert.Equal(t, "true", tb.text(`document.querySelector('#`+id+`').clientHeight > 80`), id)
	}
	tb.do(chromedp.ScrollIntoView("#tree", chromedp.ByQuery), chromedp.Click("#tree .name", chromedp.ByQuery))
	tb.wait(focused + ` === 'detail'`)
	assert.Equal(t, "true", tb.text(`document.querySelector('#detail').clientHeight > 240`))
	for range 6 {
		tb.do(chromedp.KeyEvent(kb.Tab))
		assert.Equal(t, "true", tb.text(`document.activeElement === document.body || document.querySelector('#detail').contains(document.activeElement)`))
	}
	tb.do(chromedp.KeyEvent(kb.Escape))
	tb.wait(`document.querySelector('#detail').hidden`)
	tb.do(chromedp.Focus("#search", chromedp.ByQuery))
	assert.Equal(t, "search", tb.text(focused))
}

// On paper is the whole trace, in dark letters on white and with its bars. The colours that a system forces on pages leave the bars
// there too.
func TestPaperAndForcedColors(t *testing.T) {
	tb := openTab(t, writePage(t, large(1, 300)), 1000, 600)
	tb.wait(rows + ` > 5`)
	tb.keys("t")
	tb.wait(theme + ` === 'dark'`)
	media := func(kind, feature, value string) {
		tb.do(emulation.SetEmulatedMedia().WithMedia(kind).WithFeatures([]*emulation.MediaFeature{{Name: feature, Value: value}}))
	}
	const bar = `getComputedStyle(document.querySelector('#tree .fill'))`
	media("print", "", "")
	tb.do(chromedp.Evaluate(`dispatchEvent(new Event('beforeprint'))`, nil))
	assert.Equal(t, "300", tb.text(rows))
	assert.Equal(t, "true", tb.text(`document.querySelector('#tree').clientHeight > 300 * 25 && document.body.scrollHeight > 300 * 25`))
	assert.Equal(t, "exact rgb(27, 31, 38)", tb.text(bar+`.printColorAdjust + ' ' + getComputedStyle(document.body).color`))
	tb.do(chromedp.Evaluate(`dispatchEvent(new Event('afterprint'))`, nil))
	media("", "forced-colors", "active")
	tb.wait(rows + ` < 50`)
	assert.Equal(t, "false", tb.text(bar+`.backgroundColor === getComputedStyle(document.querySelector('#tree')).backgroundColor`))
}

// A page in a file may be read in another time zone than it was written in. The list names the days that are not the last one.
func TestTimesNameTheirZoneAndDay(t *testing.T) {
	tb := openTab(t, writePage(t, item(2)+hello(80_000)), 1400, 860)
	tb.do(emulation.SetTimezoneOverride("Asia/Kolkata"), chromedp.Reload())
	tb.wait(items + ` === 2`)
	const day = `[...document.querySelectorAll('#list .clock')].map((e) => e.innerText.slice(0, 14)).join()`
	assert.Equal(t, "01:56:40,11-15 03:43:22", strings.TrimSpace(tb.text(day)))
	tb.keys("j")
	tb.wait(rows + ` === 6`)
	assert.Contains(t, tb.text(`document.querySelector('#facts').innerText`), "2023-11-15 03:43:22.000000 UTC+05:30")
}
