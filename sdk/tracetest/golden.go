package tracetest

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// updateEnv is an environment variable and not a flag. A flag of this package would be a flag of each test binary that links
// the package, and could conflict with a flag of the test's own.
const updateEnv = "EDGESPAN_UPDATE"

// AssertGolden checks that the spans, drawn with w, equal the contents of a file. The file's name is relative to the directory
// of the tested package. With EDGESPAN_UPDATE=1 in the environment, it writes the file instead:
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
		t.Errorf("%v. Run the test with %s=1 to write the file. The spans are\n%s", err, updateEnv, got)
		return
	}
	want := strings.ReplaceAll(string(text), "\r\n", "\n") // git may have changed the ends of lines
	if want != got {
		t.Errorf("the spans differ from %s. If they are right, run the test with %s=1 to write the file. Lines with - are missing, those with + are new:\n%s", file, updateEnv, diff(want, got))
	}
}

// diff returns the lines of two texts. A line of both begins with a space, a line of want alone with -, and a line of got alone
// with +.
func diff(want, got string) string {
	a, b := strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n")
	common := make([][]int, len(a)+1) // the number of lines that a[i:] and b[j:] have in common
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
