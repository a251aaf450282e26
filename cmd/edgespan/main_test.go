package main

import (
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asCommand makes the test binary behave as the command, so that tests can start it as a process.
const asCommand = "EDGESPAN_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// whyNot returns what the system says about a file that cannot be opened.
func whyNot(t *testing.T, name string) string {
	t.Helper()
	_, err := os.Open(name)
	var why *fs.PathError
	require.ErrorAs(t, err, &why)
	return why.Err.Error()
}

// A file's name is shown, and does not control the terminal.
func TestErrorsAreFitForATerminal(t *testing.T) {
	for _, args := range [][]string{
		{"view", "a\x1b[31mb\u009b"}, {"ship", "a\x1b[31mb\u009b"}, {"check", "a\x1b[31mb\u009b"}, {"view", "--a\x1b[31mb\u009b"},
		{"view", "--follow", "a\x1b[31mb\u009b", os.DevNull + "/none"}, {"serve", "-C", "a\x1b[31mb\u009b"},
	} {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		out, err := cmd.CombinedOutput()
		assert.Error(t, err)
		assert.Contains(t, string(out), `a\x1b[31mb\u009b`, "%q", args)
		assert.NotContains(t, string(out), "\x1b")
		assert.NotContains(t, string(out), "\u009b")
	}
}

// If the disk is full, the command says so.
func TestOutputThatCanNotBeWritten(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no disk that is always full")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err) // this system has none
	}
	defer full.Close()
	_, url := newOTLPServer(t)
	for _, args := range [][]string{
		{"check", "-"}, {"ship", "-o", url}, {"ship", "-o", url, "--json"}, {"view"}, {"view", "--html", "-"},
	} {
		stdin := viewLine
		if args[0] == "check" {
			stdin = `{"ratio": 0.1}`
		}
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		var errs strings.Builder
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), full, &errs
		_ = cmd.Run()
		assert.Equal(t, 1, cmd.ProcessState.ExitCode(), "%q", args)
		assert.Contains(t, errs.String(), "no space left on device", "%q", args)
	}
}

// If nobody pipes anything in, the command says so and does not wait.
func TestNothingToRead(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a terminal that nobody sits at is Linux's")
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	defer terminal.Close()
	for command, how := range map[string]string{
		"view": "edgespan serve | edgespan view", "ship": "edgespan serve | edgespan ship", "check": "edgespan check <settings.json",
	} {
		cmd := exec.Command(os.Args[0], command)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		cmd.Stdin = terminal
		out, _ := cmd.CombinedOutput()
		assert.Equal(t, exitUsage, cmd.ProcessState.ExitCode(), command)
		assert.Equal(t, "edgespan: error: nothing to read: name a file, or pipe input in, as in '"+how+"'\n", string(out))
	}
}

func TestHelp(t *testing.T) {
	help := func(args ...string) (string, int) {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	for _, args := range [][]string{nil, {"view"}, {"ship"}} {
		want, _ := help(append(args, "--help")...)
		got, code := help(append([]string{"help"}, args...)...)
		assert.Equal(t, want, got)
		assert.Zero(t, code)
	}
	out, code := help("help", "bogus")
	assert.Equal(t, "edgespan: error: unexpected argument bogus\nRun \"edgespan --help\" for all commands.\n", out)
	assert.Equal(t, exitUsage, code)
}

// Viceroy takes the module as an argument, and the SDK calls a rule SlowerThan.
func TestMeantFlag(t *testing.T) {
	for _, tt := range []struct{ command, argument, want string }{
		{"serve", "bin/a.wasm", "edgespan: error: unexpected argument bin/a.wasm: did you mean --wasm=bin/a.wasm?\n"},
		{"demo", "a.wasm", "unexpected argument a.wasm: did you mean --wasm=a.wasm?\n"},
		{"serve", "bin/a", "unexpected argument bin/a\n"},
		{"view", "--slower-than=100ms", "unknown flag --slower-than, did you mean \"--slower\"?\n"},
		{"view", "--slowr=100ms", "unknown flag --slowr, did you mean \"--slower\"?\n"},
		{"view", "--slow-r=100ms", "unknown flag --slow-r, did you mean \"--slower\"?\n"},
		{"view", "--html-f=a", "unknown flag --html-f, did you mean \"--html\"?\n"},
		{"view", "--slowness=100ms", "unknown flag --slowness\n"},
	} {
		cmd := exec.Command(os.Args[0], tt.command, tt.argument)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		out, _ := cmd.CombinedOutput()
		assert.Equal(t, exitUsage, cmd.ProcessState.ExitCode())
		assert.Contains(t, string(out), tt.want)
	}
}

// Service managers and containers start programs without a home.
func TestNoHome(t *testing.T) {
	for _, args := range [][]string{{"--version"}, {"serve", "--help"}} {
		cmd := exec.Command(os.Args[0], args...)
		for _, v := range os.Environ() {
			switch name, _, _ := strings.Cut(v, "="); strings.ToUpper(name) {
			case "HOME", "XDG_CACHE_HOME", "LOCALAPPDATA":
			default:
				cmd.Env = append(cmd.Env, v)
			}
		}
		cmd.Env = append(cmd.Env, asCommand+"=1")
		out, err := cmd.CombinedOutput()
		assert.NoError(t, err, "%s", out)
		assert.NotContains(t, string(out), "panic")
	}
}
