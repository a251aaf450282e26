// Package recipes checks the `fastly` commands in README.md and docs with the real CLI. Its help must know the commands and
// their flags. Commands that create log endpoints are run against a fake of Fastly's API.
//
// FASTLY_CLI is the path of the CLI; `make test-cli` installs it and sets the variable.
package recipes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	checkout = "../.."
	token    = "fake-token"
)

// command is a command that a page shows.
type command struct {
	text string
	args []string // without "fastly", as a shell passes them
}

// flag returns the value of --name=value.
func (c command) flag(name string) (value string, ok bool) {
	for _, arg := range c.args {
		if value, ok = strings.CutPrefix(arg, "--"+name+"="); ok {
			return value, true
		}
	}
	return "", slices.Contains(c.args, "--"+name)
}

// starts reports whether the command begins with these words.
func (c command) starts(words ...string) bool {
	return len(c.args) >= len(words) && slices.Equal(c.args[:len(words)], words)
}

// commands returns the commands of a page in order. A command is a line that begins with "fastly", indented or in a code block,
// with the lines that a backslash continues, up to a pipe. A shell splits it into arguments; a variable is replaced by the text
// "the value of" and its name.
func commands(t *testing.T, page string) (found []command) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(checkout, page))
	require.NoError(t, err)
	joined := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(string(text), " ")
	for line := range strings.Lines(joined) {
		if line, _, _ = strings.Cut(strings.TrimSpace(line), " | "); !strings.HasPrefix(line, "fastly ") {
			continue
		}
		cmd := exec.Command("bash", "-euc", `fastly() { printf '%s\0' "$@"; printf '\n'; }; `+line)
		for _, m := range regexp.MustCompile(`\$(\w+)`).FindAllStringSubmatch(line, -1) {
			cmd.Env = append(cmd.Env, m[1]+"=the value of "+m[1])
		}
		out, err := cmd.Output()
		require.NoError(t, err, line)
		for args := range strings.Lines(string(out)) {
			found = append(found, command{text: line, args: strings.Split(strings.TrimSuffix(args, "\x00\n"), "\x00")})
		}
	}
	return found
}

// pages returns the pages with commands.
func pages(t *testing.T) []string {
	t.Helper()
	names := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/recipes/*.md"} {
		files, err := filepath.Glob(filepath.Join(checkout, pattern))
		require.NoError(t, err)
		require.Greater(t, len(files), 8, pattern)
		for _, file := range files {
			name, err := filepath.Rel(checkout, file)
			require.NoError(t, err)
			names = append(names, filepath.ToSlash(name))
		}
	}
	return names
}

func TestCommands(t *testing.T) {
	cli := newCLI(t)
	for _, page := range pages(t) {
		found := commands(t, page)
		runs := slices.ContainsFunc(found, func(c command) bool { return c.starts("service", "logging") })
		isRecipe := strings.HasPrefix(page, "docs/recipes/")
		assert.True(t, runs || !isRecipe || page == "docs/recipes/README.md", "%s has no command for its endpoint", page)
		if runs {
			cli.enterService(t, page)
		}
		for _, c := range found {
			t.Run(page+"/"+strings.Join(c.args[:min(4, len(c.args))], " "), func(t *testing.T) {
				flags := cli.help(t, c)
				checkFlags(t, c, flags)
				if c.starts("service", "logging") {
					require.Equal(t, "create", c.args[3])
					checkEndpoint(t, c, flags)
					if isRecipe {
						checkMentions(t, page, flags)
					}
				}
				if runs {
					cli.run(t, c)
				}
			})
		}
	}
}

// flag is a flag that the help lists.
type flag struct {
	required, value bool // whether it must be given, and whether it takes a value
}

var flagLine = regexp.MustCompile(`^ {2,6}(?:-\w, )? {0,4}--([a-z0-9-]+)(=\S+)?(?:\s|$)`)

// help returns the flags of a command, as the CLI's help lists them.
func (cli *cli) help(t *testing.T, c command) map[string]flag {
	t.Helper()
	words := c.args[:slices.IndexFunc(c.args, func(arg string) bool { return strings.HasPrefix(arg, "-") })]
	text := cli.output(t, append(slices.Clone(words), "--help")...)
	// For a command that does not exist, the CLI prints the help of its parent.
	require.Regexp(t, `(?m)^USAGE\n  fastly ([\w-]+ )*`+words[len(words)-1]+`( |$)`, text, "no such command: %s", words)
	flags := map[string]flag{}
	section := ""
	for line := range strings.Lines(text) {
		if line == strings.ToUpper(line) && strings.HasSuffix(line, "FLAGS\n") {
			section = strings.TrimSpace(line)
			continue
		}
		if m := flagLine.FindStringSubmatch(line); m != nil {
			flags[m[1]] = flag{required: section == "REQUIRED FLAGS", value: m[2] != ""}
		}
	}
	require.Contains(t, flags, "help")
	return flags
}

func checkFlags(t *testing.T, c command, flags map[string]flag) {
	t.Helper()
	given := map[string]bool{}
	for _, arg := range c.args {
		name, isFlag := strings.CutPrefix(arg, "--")
		if !isFlag {
			continue
		}
		name, _, hasValue := strings.Cut(name, "=")
		known, ok := flags[name]
		assert.True(t, ok, "%s: the CLI has no flag --%s", c.text, name)
		assert.Equal(t, known.value, hasValue, "--%s: whether it takes a value", name)
		assert.False(t, given[name], "--%s is there twice", name)
		given[name] = true
	}
	for name, f := range flags {
		assert.True(t, !f.required || given[name], "%s: --%s is required", c.text, name)
	}
}

// checkEndpoint checks that the endpoint has the settings that a line of JSON needs, which scripts/deploy.sh would add.
func checkEndpoint(t *testing.T, c command, flags map[string]flag) {
	t.Helper()
	want := map[string]string{"placement": "none", "message-type": "blank"}
	if c.args[2] == "https" {
		want["json-format"], want["content-type"] = "2", "application/json"
	}
	for name, value := range want {
		if _, ok := flags[name]; ok {
			got, _ := c.flag(name)
			assert.Equal(t, value, got, "--%s", name)
		}
	}
	for _, name := range []string{"format", "format-version", "response-condition"} {
		_, ok := c.flag(name)
		assert.False(t, ok, "--%s is for VCL", name)
	}
	deploy, err := os.ReadFile(filepath.Join(checkout, "scripts/deploy.sh"))
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`(?m)^\s*default --(\S+) (\S+)`).FindAllStringSubmatch(string(deploy), -1) {
		if _, ok := flags[m[1]]; ok && (c.args[2] == "https" || want[m[1]] != "") {
			assert.Equal(t, m[2], want[m[1]], "scripts/deploy.sh: --%s", m[1])
		}
	}
}

var (
	fenced    = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	mentioned = regexp.MustCompile("`--([a-z0-9-]+)[=`]")
)

// checkMentions checks that the flags that a page mentions in its text are flags of its command.
func checkMentions(t *testing.T, page string, flags map[string]flag) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(checkout, page))
	require.NoError(t, err)
	for _, m := range mentioned.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
		assert.Contains(t, flags, m[1], "%s talks of --%s", page, m[1])
	}
}

// cli is the Fastly CLI with a directory of its own.
type cli struct {
	dir string
	env []string
	api *fakeAPI
}

// apiNames are the fields of the API that are not named like their flags.
var apiNames = map[string]string{
	"auth-token": "token", "key": "token", "bucket": "bucket_name", "max-batch-size": "request_max_bytes", "username": "user",
}

// run runs a command, and compares its flags with what the API was sent.
func (cli *cli) run(t *testing.T, c command) {
	t.Helper()
	cli.output(t, c.args...)
	if c.args[1] == "version" {
		cli.api.await(t, `^200 PUT /service/\w+/version/\d+/activate$`)
		return
	}
	provider := c.args[2]
	if provider == "googlepubsub" {
		provider = "pubsub"
	}
	sent := cli.api.await(t, `^200 POST /service/\w+/version/\d+/logging/`+provider+" ") + " "
	for _, arg := range c.args {
		name, value, hasValue := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		switch {
		case !strings.HasPrefix(arg, "--"), name == "version", name == "autoclone":
			continue
		case name == "use-sasl": // a flag for the CLI itself
			continue
		}
		field, ok := apiNames[name]
		if !ok {
			field = strings.ReplaceAll(name, "-", "_")
		}
		if !hasValue {
			value = "1"
		}
		require.Contains(t, sent, " "+field+"="+value+" ", "%s: --%s did not reach the API", c.text, name)
	}
}

func (cli *cli) output(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(cli.dir, "bin", "fastly"), args...)
	cmd.Dir, cmd.Env = cli.dir, cli.env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return strings.ReplaceAll(string(out), "\r", "")
}

func newCLI(t *testing.T) *cli {
	t.Helper()
	binary := os.Getenv("FASTLY_CLI")
	require.NotEmpty(t, binary, "FASTLY_CLI must name the Fastly CLI: `make test-cli` installs it and runs this")
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bin"), 0o700))
	require.NoError(t, os.Symlink(binary, filepath.Join(dir, "bin", "fastly")))
	api := startAPI(t, dir)
	return &cli{dir: dir, api: api, env: []string{
		"PATH=" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH"), "HOME=" + dir, "XDG_CONFIG_HOME=" + dir,
		// Only the fake can be reached: requests to other servers go to a proxy that does not exist.
		"HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1",
		"FASTLY_API_ENDPOINT=" + api.url, "FASTLY_ACCOUNT_ENDPOINT=" + api.url, "FASTLY_API_TOKEN=" + token,
	}}
}

// enterService creates a service with an active version, as `fastly compute publish` does, and writes its fastly.toml.
func (cli *cli) enterService(t *testing.T, name string) {
	t.Helper()
	const form = "application/x-www-form-urlencoded"
	var made struct{ ID string }
	answer := cli.api.ask(t, http.MethodPost, "/service", form, strings.NewReader("type=wasm&name="+url.QueryEscape(name)))
	require.NoError(t, json.Unmarshal(answer, &made))
	version := "/service/" + made.ID + "/version/1"
	cli.api.ask(t, http.MethodPost, version+"/backend", form, strings.NewReader("name=origin"))
	var body bytes.Buffer
	upload := multipart.NewWriter(&body)
	_, err := upload.CreateFormFile("package", "package.tar.gz")
	require.NoError(t, err)
	require.NoError(t, upload.Close())
	cli.api.ask(t, http.MethodPut, version+"/package", upload.FormDataContentType(), &body)
	cli.api.ask(t, http.MethodPut, version+"/activate", form, nil)
	cli.api.await(t, `^200 PUT .*/activate$`)
	require.NoError(t, os.WriteFile(filepath.Join(cli.dir, "fastly.toml"),
		fmt.Appendf(nil, "manifest_version = 3\nname = \"recipes\"\nlanguage = \"go\"\nservice_id = %q\n", made.ID), 0o600))
}
