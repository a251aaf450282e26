package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	good, bad := file("good.json", `{"ratio": 0.1}`), file("bad.json", `{"ratio": 10}`)
	long, empty := file("long.json", `{"comment": "`+strings.Repeat("x", 8000)+`"}`), file("empty.json", "")
	endless := file("endless.json", "")
	require.NoError(t, os.Truncate(endless, 1<<40)) // a hole, so endless as /dev/zero is
	for _, tt := range []struct {
		stdin       string
		args        []string
		code        int
		out, errors []string
	}{
		{"", []string{good}, 0, []string{good + ": fine"}, nil},
		{`{"off": true}`, nil, 0, []string{"standard input: fine"}, nil},
		{`{"off": 1}`, []string{"-"}, 1, nil, []string{"standard input: remoteconfig: off: want true or false, got 1", "1 of 1 documents would not take effect"}},
		{"", []string{good, bad, dir + "/none"}, 1, []string{good + ": fine"},
			[]string{bad + ": remoteconfig: ratio: want a number from 0 to 1, got 10", dir + "/none", "2 of 3 documents would not take effect"}},
		{"", []string{long}, 0, []string{long + ": fine"}, []string{"its 8015 characters are more than an entry of a config store can hold (8000)"}},
		{strings.Repeat(" ", 1<<20+1), nil, 1, nil, []string{"standard input: it has more than 1048576 bytes"}},
		{"", []string{endless}, 1, nil, []string{endless + ": it has more than 1048576 bytes"}},
		{"", []string{dir}, 1, nil, []string{"is a directory"}},
		{"", []string{"-", good, "-"}, 2, nil, []string{"- is standard input, which can be read only once"}},
		{"", []string{empty}, 1, nil, []string{"it is empty, which counts as no document"}},
		{" \n", nil, 1, nil, []string{"standard input: it has only white space, which counts as no document: the service keeps its compiled-in settings"}},

		// the file of a config store
		{`{"edgespan": "{\"ratio\": 0.1}", "other": "{}"}`, nil, 0, []string{`standard input, key "edgespan": fine`}, nil},
		{`{"edgespan": "{\"ratio\": 10}"}`, nil, 1, nil, []string{`standard input, key "edgespan": remoteconfig: ratio: want a number from 0 to 1, got 10`}},
		{`{"shop": "{\"ratio\": 1}", "b": ""}`, nil, 1, nil, []string{"shop: unknown field; the fields are comment, off, ", "If this is the file of a config store, its documents are the values of its keys (b, shop)"}},
		{`{"edgespan": 7}`, nil, 1, nil, []string{"standard input: remoteconfig: edgespan: unknown field"}},

		// routes
		{`{"routes": {"get /slow": 0}}`, nil, 1, nil, []string{`standard input: remoteconfig: routes["get /slow"]: want a route`, `standard input: routes["get /slow"]: did you mean "GET /slow"?`}},
		{`{"routes": {"POST/checkout": 1}}`, nil, 0, []string{"standard input: fine"}, []string{`standard input: routes["POST/checkout"]: did you mean "POST /checkout"? No path looks like this`}},
		{`{"keep": {"rules": [{"errors": true}, {"route": "post/a"}]}}`, nil, 0, []string{"standard input: fine"}, []string{`standard input: keep.rules[1].route: did you mean "POST /a"? No path looks like "post/a"`}},
		{`{"routes": {"GET": 0}}`, nil, 0, []string{"standard input: fine"}, []string{`standard input: routes["GET"]: a method alone does not stand for all its requests; name a route too`}},
		{`{"keep": {"rules": [{"route": "POST"}]}}`, nil, 0, []string{"standard input: fine"}, []string{`standard input: keep.rules[0].route: a method alone does not stand`}},
		{`{"routes": {"POST /a": 1, "/get/b": 1, "items/show": 1, "get": 0, "/": 0}}`, nil, 0, []string{"standard input: fine"}, nil},
	} {
		cmd := exec.Command(os.Args[0], append([]string{"check"}, tt.args...)...)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		var out, errs bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(tt.stdin), &out, &errs
		_ = cmd.Run()
		assert.Equal(t, tt.code, cmd.ProcessState.ExitCode(), "%v", tt.args)
		assert.Equal(t, strings.Join(tt.out, "\n"), strings.TrimSpace(out.String()))
		for _, text := range tt.errors {
			assert.Contains(t, errs.String(), text)
		}
		if tt.errors == nil {
			assert.Empty(t, errs.String())
		}
	}
}

func TestCheckShowsAName(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file has such a name")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "e\x1b[31m.json")
	require.NoError(t, os.WriteFile(name, []byte("{"), 0o600))
	cmd := exec.Command(os.Args[0], "check", name)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, _ := cmd.CombinedOutput()
	assert.Equal(t, 1, cmd.ProcessState.ExitCode())
	assert.Contains(t, string(out), dir+`/e\x1b[31m.json: `)
}
