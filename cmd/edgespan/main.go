// Command edgespan helps to develop traced services for the edge.
//
//	edgespan serve    runs a Fastly Compute service on this machine
//	edgespan view     draws the traces that services write
//	edgespan ship     sends traces to a tracing backend
//	edgespan check    checks documents of remote configuration
//	edgespan demo     sends the example service requests and shows their traces
//	edgespan help     shows a command's flags
//
// Each subcommand has a file of its own.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/host"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/sdk/trace"
)

// commands is the command line. Each subcommand is a struct with a Run method.
type commands struct {
	Serve serveCommand `cmd:"" help:"Run a Fastly Compute service on this machine, for development."`
	View  viewCommand  `cmd:"" help:"Draw the traces in log lines, as waterfalls."`
	Ship  shipCommand  `cmd:"" help:"Send the traces in log lines to an OTLP receiver."`
	Check checkCommand `cmd:"" help:"Check documents of remote configuration before they go into a config store."`
	Demo  demoCommand  `cmd:"" help:"Run the example service, send it requests and show their traces."`
	Help  helpCommand  `cmd:"" help:"Show the help of a command, like --help."`

	Version kong.VersionFlag `help:"Print the version."`
}

// helpCommand is 'edgespan help'.
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command; without one, all are listed."`
}

// Run does what --help does, which ends the program.
func (h helpCommand) Run(parser *kong.Kong) error {
	_, err := parser.Parse(append(h.Command, "--help"))
	return err
}

func main() {
	var cmds commands
	parser := kong.Must(&cmds,
		kong.Name("edgespan"),
		kong.Description("Tools for traced services at the edge: run one on this machine, look at its traces, send them to a tracing backend."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(exit),
		kong.KindMapper(reflect.Int, kong.MapperFunc(decodeNumber)),
		kong.Vars{"version": trace.Version, "cache": defaultCacheDir(), "cache_place": cmp.Or(defaultCacheDir(), "here nowhere: the system names no folder for caches"), "cache_limit": fmt.Sprintf("%d MB", host.CacheLimit>>20)},
	)
	parser.Model.HelpFlag.Help = "Show this help."
	ctx, err := parser.Parse(os.Args[1:])
	if err == nil {
		err = ctx.Run()
	}
	if wrong := (*kong.ParseError)(nil); errors.As(err, &wrong) {
		refuse(parser, wrong)
	}
	if err != nil {
		parser.FatalIfErrorf(plainError{err})
	}
}

// refuse prints what is wrong with the command line and how to get help. It writes to stderr, since stdout may be a file of traces.
func refuse(parser *kong.Kong, wrong *kong.ParseError) {
	name, what, text := parser.Model.Name, "commands", wrong.Error()
	if command := wrong.Context.Selected(); command != nil {
		name, what = command.FullPath(), "flags"
		text += meantFlag(command, text)
	}
	parser.Errorf("%s", safetext.CleanLines(text))
	fmt.Fprintf(parser.Stderr, "Run \"%s --help\" for all %s.\n", name, what)
	parser.Exit(wrong.ExitCode())
}

// meantFlag returns a question to append to an error, or "". Viceroy takes the module as an argument; here --wasm does. The SDK has
// SlowerThan; here it is --slower. For a misspelt flag, the parser asks by itself.
func meantFlag(command *kong.Node, text string) string {
	if flag, ok := strings.CutPrefix(text, "unknown flag --"); ok && !strings.Contains(flag, ",") {
		begins := func(f *kong.Flag) bool { return strings.HasPrefix(flag, f.Name+"-") }
		if i := slices.IndexFunc(command.Flags, begins); i >= 0 {
			return ", did you mean \"--" + command.Flags[i].Name + "\"?"
		}
		return ""
	}
	file, ok := strings.CutPrefix(text, "unexpected argument ")
	takes := func(f *kong.Flag) bool { return f.Name == "wasm" }
	if !ok || !strings.HasSuffix(file, ".wasm") || !slices.ContainsFunc(command.Flags, takes) {
		return ""
	}
	return ": did you mean --wasm=" + file + "?"
}
