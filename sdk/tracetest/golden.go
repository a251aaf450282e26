package tracetest

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// updateEnv is an environment variable and no flag: a flag of this package would be one of each test binary that links it, and
// stand in the way of its own.
const updateEnv = "EDGESPAN_UPDATE"

// AssertGolden checks that spans, drawn as w says, are what a file has; the file's name is relative to the package's directory.
// With EDGESPAN_UPDATE=1 in the environment it writes the file instead:
//
//	EDGESPAN_UPDATE=1 go test ./...
func AssertGolden(t TB, file string, spans []trace.SpanData, w Waterfall) {
	t.Helper()
	got := w.Draw(spans)
	if update := os.Getenv(updateEnv); update != "" && update != "0" {
		err := os.MkdirAll(filepath.Dir(file), 0o777)
		if err == nil {
			err = os.WriteFile(file, []byte(got), 0o666)
		}
		if err != nil {
			t.Errorf("%v", err)
		}
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%v. With %s=1 the test writes it. The spans are\n%s", err, updateEnv, got)
		return
	}
	want := strings.ReplaceAll(string(text), "\r\n", "\n") // git may have changed them
	if want != got {
		t.Errorf("the spans are not those of %s. If they should be, %s=1 makes it so. - is missing, + is new:\n%s", file, updateEnv, diff(want, got))
	}
}

// diff returns the lines of two texts: those of both with a space before them, those of want with -, those of got with +.
func diff(want, got string) string {
	a, b := strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n")
	common := make([][]int, len(a)+1) // how many lines a[i:] and b[j:] have in common
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var text strings.Builder
	add := func(mark, line string) {
		if line != "" {
			text.WriteString(mark + strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add("  ", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			add("- ", a[i])
			i++
		default:
			add("+ ", b[j])
			j++
		}
	}
	return text.String()
}
