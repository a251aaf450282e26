package browser

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
)

const (
	theme    = `document.documentElement.dataset.theme`
	rangeNow = `document.querySelector('#range').innerText`
	firstIn  = `document.querySelector('#list [data-index="0"] .name').innerText`
)

func TestKeysOfTheViewer(t *testing.T) {
	tb := openTab(t, writePage(t, hello(1)+item(2)+checkout(3)+large(4, 1000)), 1400, 860)
	tb.wait(items + ` === 4`)
	tb.wait(title + `.includes('GET /large')`)
	tb.shoot("thousand-light")

	tb.do(chromedp.KeyEvent(kb.End)) // of the list
	tb.wait(title + `.includes('GET /')`)
	tb.do(chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	tb.wait(title + `.includes('/api/items/2')`)
	tb.do(chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.ArrowUp))
	tb.wait(title + `.includes('GET /large')`)

	tb.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.PageDown))
	assert.Equal(t, "21", tb.text(`document.querySelector('#tree [aria-selected=true]').getAttribute('aria-rowindex')`))
	tb.do(chromedp.KeyEvent(kb.PageUp), chromedp.KeyEvent(kb.ArrowUp))
	assert.Equal(t, "GET /large", tb.text(chosenRow))
	tb.keys("f")
	tb.wait(rows + ` === 1`)
	assert.Equal(t, "+999", tb.text(`document.querySelector('#tree .cell .badge:last-child').innerText`), "the number of hidden spans")
	tb.keys("F")
	tb.wait(rows + ` > 20`)

	tb.keys("]")
	tb.keys("]")
	tb.wait(title + `.includes('/api/items/2')`)
	tb.keys("g")
	tb.keys("N") // the previous failed span: from the first one, it is the last
	assert.Equal(t, "GET", tb.text(chosenRow))
	assert.Equal(t, "5", tb.text(`document.querySelector('#tree [aria-selected=true]').getAttribute('aria-rowindex')`))

	assert.Equal(t, "Drag to zoom", tb.text(rangeNow))
	tb.keys("+")
	tb.wait(rangeNow + `.includes('of 24.0ms')`)
	zoomed := tb.text(rangeNow)
	tb.keys(",")
	tb.wait(rangeNow + ` !== '` + zoomed + `'`)
	tb.keys(".")
	tb.wait(rangeNow + ` === '` + zoomed + `'`)
	tb.keys("-")
	tb.wait(rangeNow + ` === 'Drag to zoom'`)

	tb.do(chromedp.KeyEvent(kb.Escape)) // back to the list
	assert.Equal(t, "list", tb.text(focused))
	tb.search("rules")
	tb.do(chromedp.KeyEvent(kb.Enter))
	tb.wait(items + ` === 1`)
	assert.Equal(t, "list", tb.text(focused))
	tb.keys("j")
	tb.wait(title + `.includes('POST /checkout')`)
	tb.keys("l")
	tb.keys("n")
	assert.Equal(t, "rules", tb.text(chosenRow))
	assert.Equal(t, "1 span found", tb.text(`document.querySelector('#matches').innerText`))
	tb.checkQuiet("file://")
}

func TestMouseInTheViewer(t *testing.T) {
	tb := openTab(t, writePage(t, hello(1)+item(2)+checkout(3)+large(4, 50)), 1400, 860)
	tb.do(chromedp.Click(`//div[@id='list']//bdi[text()='POST /checkout']`, chromedp.BySearch))
	tb.wait(rows + ` === 8`)
	tb.do(chromedp.Click(`#tree [data-index="2"] .fold`, chromedp.ByQuery))
	tb.wait(rows + ` === 3`)
	assert.Equal(t, "true", tb.text(`document.querySelector('#detail').hidden`), "folding a span does not select it")
	tb.do(chromedp.Click(`#tree [data-index="2"] .fold`, chromedp.ByQuery))
	tb.wait(rows + ` === 8`)

	tb.drag("#axis", 0.2, 0.4)
	tb.wait(rangeNow + `.includes('of 100ms')`)
	tb.do(chromedp.DoubleClick("#axis", chromedp.ByQuery))
	tb.wait(rangeNow + ` === 'Drag to zoom'`)

	order := func(value string) {
		t.Helper()
		tb.do(chromedp.Evaluate(`{ const o = document.querySelector('#order'); o.value = '`+value+`'; o.dispatchEvent(new Event('change')); }`, nil))
	}
	order("spans")
	tb.wait(firstIn + ` === 'GET /large'`)
	order("slow")
	tb.wait(`document.querySelector('#list [data-index="1"] .name').innerText === 'POST /checkout'`)
	order("new")

	tb.do(chromedp.Click("#errors", chromedp.ByQuery))
	tb.wait(items + ` === 1`)
	assert.Contains(t, tb.text("location.hash"), "errors=1")
	tb.do(chromedp.Click(`//div[@id='list']//bdi[text()='GET /api/items/{id}']`, chromedp.BySearch))
	tb.wait(title + `.includes('/api/items/2')`)
	tb.do(chromedp.NavigateBack())
	tb.wait(title + `.includes('POST /checkout')`)
	tb.do(chromedp.NavigateForward())
	tb.wait(title + `.includes('/api/items/2')`)
	assert.Equal(t, "exception at 10.4ms", tb.text(`document.querySelector('#tree .event.bad').title`))
	assert.Contains(t, tb.text(`document.querySelector('#tree .event.log').title`), "ERROR: stock lookup failed")
	tb.checkQuiet("file://")
}

// If a client sends several requests in one trace, their durations count, and not the time between them.
func TestTracesOfSeveralRequests(t *testing.T) {
	again := func(id, from, took int) string {
		return strings.ReplaceAll(line("shop", 1, span{id, 99, "GET /again", 2, from, from + took, nil, nil, ""}), `"parentSpanId"`, `"flags":769,"parentSpanId"`)
	}
	loose := fmt.Sprintf(`{"time":"2023-11-14T22:43:25Z","level":"WARN","msg":"shelf","trace_id":%q,"row":12}`+"\n", traceID(9))
	v := startViewer(t)
	fmt.Fprint(v, again(1, 0, 5000), item(2), hello(3), again(2, 60_000_000, 7000))
	tb := openTab(t, v.url, 1400, 860)
	names := `[...document.querySelectorAll('#list .name')].map(e => e.innerText).join()`
	tb.wait(names + ` === 'GET /again,GET /,GET /api/items/{id}'`)
	assert.Equal(t, "up to 7.00ms", tb.text(`document.querySelector('#list [data-index="0"] .took').innerText`))
	assert.Equal(t, "The slowest of 2 requests within 1m00s", tb.text(`document.querySelector('#list [data-index="0"] .took').title`))
	tb.do(chromedp.Evaluate(`{ const o = document.querySelector('#order'); o.value = 'slow'; o.dispatchEvent(new Event('change')); }`, nil))
	tb.wait(names + ` === 'GET /api/items/{id},GET /again,GET /'`)
	tb.keys("j")
	tb.keys("j")
	tb.wait(title + `.includes('GET /again')`)
	assert.Contains(t, tb.text(`document.querySelector('#facts').innerText`), "2 requests within 1m00s")

	fmt.Fprint(v, loose)
	tb.wait(items + ` === 4`)
	tb.do(chromedp.Evaluate(`{ const o = document.querySelector('#order'); o.value = 'new'; o.dispatchEvent(new Event('change')); }`, nil))
	tb.wait(firstIn + ` === 'log records without spans'`)
	tb.keys("g")
	tb.keys("l")
	assert.Equal(t, "records", tb.text(focused))
	assert.Contains(t, tb.text(`document.querySelector('#records').innerText`), "shelf")
	assert.Equal(t, "true", tb.text(`document.querySelector('#tree').hidden`))
	tb.keys("h")
	tb.keys("j")
	tb.wait(title + `.includes('GET /again')`)
	assert.Equal(t, "false", tb.text(`document.querySelector('#tree').hidden`))
	tb.wait(rows + ` === 2`)
	tb.checkQuiet(v.url)
}

// The system's colour scheme applies until the user chooses one. The choice is remembered.
func TestLightAndDark(t *testing.T) {
	v := startViewer(t)
	fmt.Fprint(v, hello(1), item(2))
	tb := openTab(t, v.url, 1400, 860)
	dark := func(value string) {
		tb.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}))
	}
	tb.wait(theme + ` === 'light'`)
	dark("dark")
	tb.wait(theme + ` === 'dark'`)
	tb.do(chromedp.Click("#theme", chromedp.ByQuery))
	tb.wait(theme + ` === 'light'`)
	dark("light")
	dark("dark")
	assert.Equal(t, "light", tb.text(theme), "the system has changed after the choice")
	tb.do(chromedp.Reload())
	tb.wait(items + ` === 2`)
	assert.Equal(t, "light", tb.text(theme))
	tb.checkQuiet(v.url)
}

// On a phone the list has all the space until a trace is selected, the search is readable, and the labels of the axis do not
// overlap.
func TestPhone(t *testing.T) {
	v := startViewer(t)
	fmt.Fprint(v, hello(1), item(2))
	tb := openTab(t, v.url, 390, 800)
	tb.wait(items + ` === 2`)
	const list = `document.querySelector('.traces').clientHeight`
	assert.Equal(t, "true", tb.text(list+` > 500`))
	assert.Equal(t, "true", tb.text(`document.querySelector('#search').clientWidth > 300`))
	tb.shoot("telephone-list")
	tb.keys("jl")
	tb.wait(rows + ` === 6`)
	assert.Equal(t, "true", tb.text(list+` < 350`))
	assert.Equal(t, "true", tb.text(`[...document.querySelectorAll('#axis span')].every((s, i, all) => !i || all[i - 1].getBoundingClientRect().right <= s.getBoundingClientRect().left)`))
	assert.Equal(t, "true", tb.text(`[...document.querySelectorAll('#tree .event')].every((e) => {
		const mark = e.getBoundingClientRect(), lane = e.parentElement.getBoundingClientRect();
		return lane.left <= mark.left && mark.right <= lane.right;
	})`), "marks are whole, also at the ends of a bar")
	assert.Equal(t, "false", tb.text(`document.documentElement.scrollWidth > innerWidth`), "the page is not wider than the window")
	tb.shoot("telephone")
	tb.checkQuiet(v.url)
}

// On a small screen the details cover the trace and can be closed.
func TestNarrowPageWithDetails(t *testing.T) {
	tb := openTab(t, writePage(t, hello(1)+item(2)), 480, 800)
	tb.wait(rows + ` === 6`)
	tb.keys("t")
	tb.do(chromedp.Click(`//div[@id='tree']//bdi[text()='item.stock']`, chromedp.BySearch))
	tb.wait(inDetail + `.includes('no stock')`)
	assert.Equal(t, "false", tb.text(`document.documentElement.scrollWidth > innerWidth`), "the page is not wider than the window")
	tb.shoot("narrow-details-dark")
	tb.do(chromedp.Click("#detail .close", chromedp.ByQuery))
	tb.wait(`document.querySelector('#detail').hidden`)
}

// A log record without a span belongs to the trace. A link leads to its trace, or nowhere if that is unknown.
func TestLooseLogsAndLinks(t *testing.T) {
	link := fmt.Sprintf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":%q,"spanId":%q,"name":"linked","startTimeUnixNano":%q,"endTimeUnixNano":%q,"links":[{"attributes":[{"key":"why","value":{"stringValue":"batch"}}]},{"traceId":%q,"spanId":%q,"traceState":"a=1"}]}]}]}]}`+"\n",
		traceID(9), spanID(1), at(9, 0), at(9, 100), traceID(3), spanID(32))
	log := fmt.Sprintf(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":%q,"severityText":"WARN","body":{"stringValue":"of the whole"},"traceId":%q}]}]}]}`+"\n", at(9, 50), traceID(9))
	tb := openTab(t, writePage(t, checkout(3)+link+log), 1400, 860)
	tb.wait(title + `.includes('linked')`)
	tb.keys("l")
	tb.do(chromedp.KeyEvent(kb.Enter))
	tb.wait(inDetail + `.includes('of the whole')`)
	assert.Equal(t, "true true", tb.text(inDetail+`.includes('no span\nwhy\nbatch') + ' ' + `+inDetail+`.includes('a=1')`))
	tb.do(chromedp.Click("#detail .when a", chromedp.ByQuery))
	tb.wait(title + `.includes('POST /checkout')`)
	tb.wait(chosenRow + ` === 'rules'`)
	tb.checkQuiet("file://")
}

// The trace id can be copied, or is selected where the browser does not let pages copy.
func TestCopyOfATraceID(t *testing.T) {
	tb := openTab(t, writePage(t, checkout(3)), 1400, 860)
	tb.wait(rows + ` === 8`)
	tb.do(chromedp.Evaluate(`Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => { window.copied = text; } } })`, nil))
	tb.keys("c")
	tb.wait(`document.querySelector('#copy').innerText === 'Copied'`)
	assert.Equal(t, traceID(3), tb.text(`copied`))
	tb.do(chromedp.Evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`, nil), chromedp.Click("#copy", chromedp.ByQuery))
	tb.wait(`document.querySelector('#copy').innerText === 'Selected'`)
	assert.Equal(t, traceID(3), tb.text(`getSelection()`))
	tb.checkQuiet("file://")
}

// An address that names a span opens its details, also if its trace is open already.
func TestAddressOfASpan(t *testing.T) {
	tb := openTab(t, writePage(t, checkout(3)), 1400, 860)
	tb.wait(rows + ` === 8`)
	assert.Equal(t, "true", tb.text(`document.querySelector('#detail').hidden`))
	tb.do(chromedp.Evaluate(`location.hash = '#trace=`+strings.ToUpper(traceID(3))+`&span=`+spanID(32)+`'`, nil))
	tb.wait(inDetail + `.includes('rules')`)
	assert.Equal(t, "rules", tb.text(chosenRow))
	tb.checkQuiet("file://")
}

// If the server goes away, the page says so. It connects to the next one, and removes the traces that the new server does not
// have.
func TestServerIsRestarted(t *testing.T) {
	start := func(addr string) (*exec.Cmd, io.Writer, string) {
		cmd := exec.Command(command, "view", "--listen", addr)
		child.EndWithParent(cmd)
		in, err := cmd.StdinPipe()
		require.NoError(t, err)
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		line, err := bufio.NewReader(stderr).ReadString('\n')
		require.NoError(t, err)
		return cmd, in, regexp.MustCompile(`[\d.]+:\d+`).FindString(line)
	}
	cmd, in, addr := start("127.0.0.1:0")
	fmt.Fprint(in, hello(1), hello(2))
	tb := openTab(t, "http://"+addr+"/", 1000, 700)
	tb.wait(items + ` === 2`)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	tb.wait(`document.querySelector('#live').innerText.includes('Not connected')`)
	cmd, in, _ = start(addr)
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	fmt.Fprint(in, checkout(3))
	tb.wait(items + ` === 1`)
	tb.wait(`document.querySelector('#live').innerText.includes('Live')`)
}

func TestServeView(t *testing.T) {
	findChromium(t)
	manifest := filepath.Join(t.TempDir(), "fastly.toml")
	require.NoError(t, os.WriteFile(manifest, []byte("manifest_version = 3\nname = \"t\"\nlanguage = \"go\"\n"), 0o600))
	require.NoError(t, buildOnce())
	wasm, err := filepath.Abs(filepath.Join(root, "bin", "main.wasm"))
	require.NoError(t, err)
	cmd := exec.Command(command, "serve", "-C", manifest, "--wasm", wasm, "--addr", "127.0.0.1:0", "--view", "127.0.0.1:0")
	child.EndWithParent(cmd)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address := regexp.MustCompile(`^(Traces at|Listening on) (http://[\d.:]+)`)
	found := map[string]string{}
	for s := bufio.NewScanner(stderr); len(found) < 2 && s.Scan(); {
		if m := address.FindStringSubmatch(s.Text()); m != nil {
			found[m[1]] = m[2]
		}
	}
	require.Len(t, found, 2)
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	tb := openTab(t, found["Traces at"], 1200, 800)
	for _, path := range []string{"/", "/nope"} {
		resp, err := http.Get(found["Listening on"] + path)
		require.NoError(t, err)
		_ = resp.Body.Close()
	}
	tb.wait(items + ` === 2`)
	tb.keys("j")
	tb.wait(title + `.includes('GET')`)
	tb.checkQuiet(found["Traces at"])
}
