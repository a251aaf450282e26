package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// The name of a span is readable at any depth. If the levels before it are not shown, its depth is.
func TestDeepTraces(t *testing.T) {
	url := writePage(t, deep(1, 40))
	const fits = `document.documentElement.scrollHeight <= innerHeight`
	for _, width := range []int{1400, 1000, 900, 360} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			tb := openTab(t, url, width, 700)
			tb.wait(rows + ` > 5`)
			for _, key := range []string{"g", "G"} {
				tb.keys("l" + key)
				assert.Equal(t, "", tb.text(`[...document.querySelectorAll('#tree .row')].filter((row) => {
					const name = row.querySelector('.name').getBoundingClientRect(), cell = row.querySelector('.cell').getBoundingClientRect();
					return Math.min(name.right, cell.right) - name.left < 45;
				}).map((row) => row.innerText)`), "names that have no room")
			}
			assert.Equal(t, "true", tb.text(fits), "the tree scrolls, not the page")
			assert.Equal(t, "39", tb.text(`document.querySelector('#tree [aria-selected=true] .depth').innerText`))
			tb.shoot(fmt.Sprint("deep-", width))
		})
	}
}

// The axis is aligned with the bars, whether the tree scrolls or not, even if scrollbars take up space.
func TestAxisStandsOverTheBars(t *testing.T) {
	tb := openTab(t, writePage(t, item(1)+large(2, 300)), 1400, 860)
	tb.wait(title + `.includes('GET /large')`)
	const apart = `(() => {
		const axis = document.querySelector('#axis').getBoundingClientRect(), lane = document.querySelector('#tree .lane').getBoundingClientRect();
		return Math.abs(axis.left - lane.left) + Math.abs(axis.right - lane.right);
	})()`
	assert.Equal(t, "true", tb.text(`document.querySelector('#tree').scrollHeight > document.querySelector('#tree').clientHeight`))
	assert.Equal(t, "true", tb.text(`document.querySelector('#tree').offsetWidth > document.querySelector('#tree').clientWidth`), "a scrollbar takes room")
	assert.Equal(t, "0", tb.text(apart))
	tb.keys("j")
	tb.wait(title + `.includes('/api/items/1')`)
	assert.Equal(t, "0", tb.text(apart))
}

// In a window of medium width the details are below the bars, and the selected span stays visible.
func TestDetailsDoNotCoverTheBars(t *testing.T) {
	tb := openTab(t, writePage(t, item(1)+checkout(2)+large(3, 300)), 1000, 700)
	tb.wait(title + `.includes('GET /large')`)
	tb.keys("l")
	for range 17 {
		tb.keys("j")
	}
	tb.do(chromedp.KeyEvent(kb.Enter))
	tb.wait(inDetail + `.includes('step')`)
	assert.Equal(t, "true", tb.text(`(() => {
		const tree = document.querySelector('#tree').getBoundingClientRect(), detail = document.querySelector('#detail').getBoundingClientRect();
		const row = document.querySelector('#tree [aria-selected=true]').getBoundingClientRect();
		return tree.bottom <= detail.top && tree.height > 80 && tree.top <= row.top && row.bottom <= tree.bottom + 1;
	})()`))
	tb.shoot("middling-details")
}

// In a list 250 pixels wide, text without space is left out and the rest is readable. An error is shown once.
func TestNarrowList(t *testing.T) {
	failed := line("a-service-with-a-name", 9, span{1, 0, "job", 1, 0, 300, nil, nil, "out of paper"})
	tb := openTab(t, writePage(t, item(1)+checkout(2)+failed), 1000, 700)
	tb.wait(items + ` === 3`)
	assert.Equal(t, "1 error", tb.text(`[...document.querySelectorAll('#list [data-index="0"] .badge')].map((b) => b.innerText)`))
	assert.Equal(t, "true", tb.text(`[...document.querySelectorAll('#list .path')].every((e) => e.clientWidth > 60)`))
	tb.search("layer")
	tb.wait(items + ` === 0`)
	assert.Equal(t, "true", tb.text(`document.querySelector('#count').clientHeight < 24`), "on one line")
	tb.do(chromedp.KeyEvent(kb.Escape))
	tb.wait(items + ` === 3`)
	tb.shoot("middling")
}

func TestHelpAndButtonsOnAPhone(t *testing.T) {
	tb := openTab(t, writePage(t, item(1)), 360, 780)
	tb.wait(items + ` === 1`)
	assert.Equal(t, "true", tb.text(`document.querySelector('#errors .dot').offsetWidth > 0`))
	tb.keys("?")
	tb.wait(`document.querySelector('#help').open`)
	assert.Equal(t, "true", tb.text(`document.querySelector('#help dd').getBoundingClientRect().width > 140`))
	assert.Equal(t, "false", tb.text(`document.documentElement.scrollWidth > innerWidth`), "the page is not wider than the window")
	tb.shoot("telephone-help")
}
