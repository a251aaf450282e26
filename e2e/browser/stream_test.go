package browser

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
)

// A stream of 30,000 traces is shown in a page that stays open. The memory of the command and of the page is bounded, and the
// latest traces are shown.
func TestLongStream(t *testing.T) {
	const n = 30_000
	cmd := exec.Command(command, "view", "--listen", "127.0.0.1:0")
	child.EndWithParent(cmd)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(t, err)
	tb := openTab(t, regexp.MustCompile(`http://[\d.:]+`).FindString(line), 1200, 800)
	tb.wait(`document.querySelector('#empty').innerText.includes('Waiting for traces')`)

	one := strings.Replace(item(1), traceID(1), "TRACE", -1) // begins at the same time as all others, with six spans and a log record
	w := bufio.NewWriterSize(in, 1<<20)
	for i := range n {
		_, err := w.WriteString(strings.ReplaceAll(one, "TRACE", traceID(i+1)))
		require.NoError(t, err)
	}
	require.NoError(t, w.Flush())
	tb.wait(`document.querySelector('#count').innerText === '1,000 traces'`)
	fmt.Fprint(in, hello(200_000)) // after all others
	tb.wait(firstIn + ` === 'GET /' && document.querySelector('#count').innerText === '1,000 traces'`)
	tb.wait(`document.querySelector('#from').innerText.includes('older ones dropped')`)

	var used float64
	tb.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		used, _, _, _, err = runtime.GetHeapUsage().Do(ctx)
		return err
	}))
	assert.Less(t, used, 200e6)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.NoError(t, cmd.Wait())
	rss := int64(0)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		rss = usage.Maxrss << 10
		assert.Less(t, rss, int64(300<<20))
	}
	t.Logf("%d traces, %d MB: at most %d MiB of memory; the page's scripts hold %.0f MB", n, n*len(one)/1_000_000, rss>>20, used/1e6)
}
