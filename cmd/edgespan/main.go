// Command edgespan helps to develop traced services for the edge.
//
//	edgespan serve    runs a Fastly Compute service on this machine
//	edgespan view     draws the traces that services write
//	edgespan ship     sends them to a tracing backend
//	edgespan check    checks a document of remote configuration
//	edgespan demo     sends the example service requests and shows their traces
//	edgespan help     shows a command's flags
//
// Each subcommand has its own file and its own help.
package main

import (
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

// commands is the command line. A subcommand is a struct with a Run method.
type commands struct {
	Serve serveCommand `cmd:"" help:"Run a Fastly Compute service on this machine, for development."`
	View  viewCommand  `cmd:"" help:"Draw the traces found in lines of log, as waterfalls."`
	Ship  shipCommand  `cmd:"" help:"Send the traces found in lines of log to an OTLP receiver."`
	Check checkCommand `cmd:"" help:"Check documents of remote configuration before they go into a config store."`
	Demo  demoCommand  `cmd:"" help:"Run the example service, send it requests and show their traces."`
	Help  helpCommand  `cmd:"" help:"Show the help of a command, as --help does."`

	Version kong.VersionFlag `help:"Print the version."`
}

// helpCommand is 'edgespan help'.
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command; without any, they are listed."`
}

// Run asks as the flag does, which ends the program.
func (h helpCommand) Run(parser *kong.Kong) error {
	_, err := parser.Parse(append(h.Command, "--help"))
	return err
}

func main() {
	var cmds commands
	parser := kong.Must(&cmds,
		kong.Name("edgespan"),
		kong.Description("Tools for traced services at the edge: run one on this machine, look at its traces, send them to a backend."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(exit),
		kong.KindMapper(reflect.Int, kong.MapperFunc(decodeNumber)),
		kong.Vars{"version": trace.Version, "cache": defaultCacheDir(), "cache_limit": fmt.Sprintf("%d MB", host.CacheLimit>>20)},
	)
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

// refuse says what is wrong with the command line, and where its help is. Stdout may be a file of traces: it stays as it is.
func refuse(parser *kong.Kong, wrong *kong.ParseError) {
	name, text := parser.Model.Name, wrong.Error()
	if command := wrong.Context.Selected(); command != nil {
		name = command.FullPath()
		text += meantFlag(command, text)
	}
	parser.Errorf("%s", safetext.CleanLines(text))
	fmt.Fprintf(parser.Stderr, "Run \"%s --help\" for all flags.\n", name)
	parser.Exit(wrong.ExitCode())
}

// meantFlag is the question after an argument that nothing takes, where it is a module and a flag takes one: so it is with Viceroy.
func meantFlag(command *kong.Node, text string) string {
	file, ok := strings.CutPrefix(text, "unexpected argument ")
	takes := func(f *kong.Flag) bool { return f.Name == "wasm" }
	if !ok || !strings.HasSuffix(file, ".wasm") || !slices.ContainsFunc(command.Flags, takes) {
		return ""
	}
	return ": did you mean --wasm=" + file + "?"
}

// kongUsage is what the parser exits with for a command line that it can not read.
const kongUsage = 80

func exit(code int) {
	if code == kongUsage {
		code = exitUsage
	}
	os.Exit(code)
}
