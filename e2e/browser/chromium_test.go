package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is the maximum time that a test waits for a page.
const patience = time.Minute

// tab is a page in its own browser.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	trouble  []string // errors of scripts and violations of the Content-Security-Policy
	requests []string
}

func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium found, and in CI it has to be there: apt-get install chromium")
	}
	t.Skip("no Chromium found: apt-get install chromium, or name one with CHROMIUM=")
	return ""
}

func openTab(t *testing.T, url string, width, height int) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findChromium(t)),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(profile(t)),
		chromedp.WindowSize(width, height),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("hide-scrollbars", false), // as users have them
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	tb := &tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, tb.hear)
	tb.do(network.Enable(), log.Enable(), chromedp.EmulateViewport(int64(width), int64(height)), chromedp.Navigate(url))
	return tb
}

// profile returns a new directory for the browser. The browser's last processes may still write to it when the test ends, so
// removing it is repeated, and is not required to succeed.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "edgespan-browser-")
	require.NoError(t, err)
	t.Cleanup(func() {
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	return dir
}

func (tb *tab) hear(event any) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		tb.trouble = append(tb.trouble, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert {
			tb.trouble = append(tb.trouble, fmt.Sprint(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError { // violations of the policy are among these
			tb.trouble = append(tb.trouble, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		tb.requests = append(tb.requests, e.Request.URL)
	}
}

// checkQuiet fails the test if a script has failed, or if the page has sent a request to any other address than base.
func (tb *tab) checkQuiet(base string) {
	tb.t.Helper()
	tb.mu.Lock()
	defer tb.mu.Unlock()
	assert.Empty(tb.t, tb.trouble)
	for _, url := range tb.requests {
		assert.True(tb.t, strings.HasPrefix(url, base) || strings.HasPrefix(url, "data:"), url)
	}
}

func (tb *tab) do(actions ...chromedp.Action) {
	tb.t.Helper()
	require.NoError(tb.t, chromedp.Run(tb.ctx, actions...))
}

// keys presses one key after another: "j", or a whole word.
func (tb *tab) keys(text string) {
	tb.t.Helper()
	tb.do(chromedp.KeyEvent(text))
}

// search presses the key that opens the search. It sends no character event, so that the character is not typed into the
// search.
func (tb *tab) search(text string) {
	tb.t.Helper()
	slash := input.DispatchKeyEvent(input.KeyRawDown).WithKey("/").WithCode("Slash").WithWindowsVirtualKeyCode(191)
	tb.do(slash)
	tb.keys(text)
}

func (tb *tab) text(js string) string {
	tb.t.Helper()
	var s string
	tb.do(chromedp.Evaluate("String("+js+")", &s))
	return s
}

// wait waits until an expression is true. It ignores the protocol's errors while the tab navigates from one page to another.
func (tb *tab) wait(js string) {
	tb.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		var ok bool
		err := chromedp.Run(tb.ctx, chromedp.Evaluate("Boolean("+js+")", &ok))
		if between := (*cdproto.Error)(nil); !errors.As(err, &between) {
			require.NoError(tb.t, err)
		}
		if ok {
			return
		}
		if time.Now().After(end) {
			tb.shoot("failed-" + strings.ReplaceAll(tb.t.Name(), "/", "-"))
			tb.t.Fatalf("this expression did not become true: %s\nthe page says:\n%s", js, tb.text("document.body.innerText"))
		}
	}
}

// shoot saves a screenshot.
func (tb *tab) shoot(name string) {
	tb.t.Helper()
	var png []byte
	tb.do(chromedp.CaptureScreenshot(&png))
	folder := filepath.Join(root, "build", "screenshots")
	require.NoError(tb.t, os.MkdirAll(folder, 0o755))
	require.NoError(tb.t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644))
}

// drag drags the mouse across an element. from and to are fractions of its width.
func (tb *tab) drag(selector string, from, to float64) {
	tb.t.Helper()
	var box struct{ X, Y, Width, Height float64 }
	tb.do(chromedp.Evaluate("document.querySelector('"+selector+"').getBoundingClientRect().toJSON()", &box))
	y := box.Y + box.Height/2
	tb.do(
		chromedp.MouseEvent("mousePressed", box.X+box.Width*from, y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent("mouseMoved", box.X+box.Width*(from+to)/2, y, chromedp.ButtonLeft),
		chromedp.MouseEvent("mouseMoved", box.X+box.Width*to, y, chromedp.ButtonLeft),
		chromedp.MouseEvent("mouseReleased", box.X+box.Width*to, y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
	)
}
