package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/page"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/view"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
)

// viewCommand is 'edgespan view'.
type viewCommand struct {
	Files []string `arg:"" optional:"" default:"-" name:"file" help:"The files to read; - or none is standard input."`

	Follow bool          `short:"f" help:"Keep reading the files as they grow and are rotated."`
	Join   time.Duration `default:"250ms" placeholder:"TIME" help:"How long to wait for more lines of a trace from a live input before it is drawn (${default})."`

	Trace  string        `short:"t" placeholder:"ID" help:"Only traces whose id begins with ID."`
	Route  string        `short:"r" placeholder:"ROUTE" help:"Only traces with a request of this http.route or root span name; * stands for any text."`
	Errors bool          `short:"e" help:"Only traces with a request that failed."`
	Slower time.Duration `short:"s" placeholder:"TIME" help:"Only traces with a request that took at least TIME, as in 100ms."`

	Attributes bool   `short:"a" help:"Show attributes, events and links."`
	Rows       int    `default:"1000" placeholder:"N" help:"Show at most N spans of a trace (${default}); 0 for all."`
	Summary    bool   `help:"Show a table of requests by root span instead of traces: count, share of errors, p50, p95, p99 and maximum."`
	Raw        bool   `help:"Write the lines of the chosen traces, their JSON unchanged and without the text before it, and draw nothing."`
	Text       string `default:"auto" enum:"auto,show,hide" placeholder:"WHEN" help:"Whether lines that are not telemetry go to stderr: show, hide, or auto, which shows those of a live input (${default})."`

	Html   string `placeholder:"FILE" help:"Write the traces as one self-contained HTML page."`
	Listen string `placeholder:"HOST:PORT" help:"Serve the page live at this address until Ctrl-C, with new traces as they arrive; :PORT listens on this machine only."`
	Keep   int    `default:"1000" placeholder:"N" help:"How many traces a page keeps; older ones are dropped (${default})."`

	Width int    `short:"w" placeholder:"N" help:"Width in columns, at least 40; by default the terminal's."`
	Color string `default:"auto" enum:"auto,always,never" placeholder:"WHEN" help:"Use colours and line-drawing characters: auto, always or never (${default})."`
	Utc   bool   `help:"Show times in UTC."`
}

// Help is the long text of 'edgespan view --help'.
func (viewCommand) Help() string {
	return `Draws each trace as a waterfall. ` + inputHelp + `

Spans of one trace are joined, also from several lines, files and services. Log records that name a trace are shown in it. Lines without
telemetry are counted, or printed to stderr (--text).

Filters choose requests. A request is a span whose parent is remote or missing from the input, together with the spans below it, up to the
next such span. A trace is shown if one of its requests matches all filters that you give.

  edgespan serve | edgespan view
  edgespan view --errors --slower 100ms traces.jsonl
  edgespan view --raw --trace 4bf92f35 traces.jsonl > one.jsonl
  edgespan serve | edgespan view --listen :7680
  edgespan view --html traces.html traces.jsonl
  edgespan view --raw --errors traces.jsonl | edgespan ship

Exit codes: 0 whatever the lines hold; 1 if an input cannot be read or the output cannot be written; 2 if the command line is wrong.`
}

// check refuses values that make no sense.
func (v viewCommand) check() error {
	switch {
	case v.Raw && (v.Html != "" || v.Listen != ""):
		return usage("--raw writes lines and draws nothing: it cannot be combined with --html or --listen")
	case v.Summary && (v.Raw || v.Html != "" || v.Listen != ""):
		return usage("--summary prints a table in place of the traces: it cannot be combined with --raw, --html or --listen")
	case v.Html != "" && inputs.Among(v.Files, v.Html):
		return usage("--html %s would overwrite a file that is to be read", v.Html)
	case v.Follow && onlyStdin(v.Files):
		return usage("--follow works on files: name one. A pipe is always read as its lines arrive")
	case v.Keep < 1:
		return usage("--keep must be above 0")
	case v.Rows < 0 || v.Width < 0:
		return usage("--rows and --width must not be negative: 0 means all rows and the terminal's width")
	case v.Slower < 0 || v.Join < 0:
		return usage("--slower and --join must not be negative, as in 100ms")
	case len(v.Trace) > 32 || strings.Trim(v.Trace, "0123456789abcdefABCDEF") != "":
		return usage("--trace %s cannot be the beginning of a trace id, which has 32 hexadecimal digits", v.Trace)
	}
	if v.Listen != "" {
		if err := checkAddress("--listen", v.Listen); err != nil {
			return err
		}
	}
	return checkFiles(v.Files, "edgespan serve | edgespan view")
}

// Run reads the inputs to their end.
func (v viewCommand) Run() error {
	if err := v.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	onInterrupts(onlyStdin(v.Files) && v.Listen == "", cancel)
	all, inputErrs := inputs.OpenFiles(ctx, v.Files, v.Follow)
	if len(all) == 0 || ctx.Err() != nil {
		return errors.Join(inputErrs...)
	}
	live, err := isLive(v.Files)
	if err != nil {
		return err
	}
	if v.Follow {
		all, live = inputs.Follow(ctx, all), true
	}
	if live || v.Listen != "" { // report them now: the end may be far away
		for _, err := range inputErrs {
			complain(err)
		}
	}
	filter := v.filter()
	cfg := view.Config{Inputs: all, Live: live, Filter: filter, Raw: v.Raw, Join: v.Join, Errors: os.Stderr}
	finish := func() error { return nil }
	if v.Html != "" || v.Listen != "" {
		hub := page.NewHub(v.Keep, filter)
		cfg.Take = hub.Add
		if finish, err = v.showPage(ctx, hub); err != nil {
			return err
		}
	} else {
		cfg.Output = v.output(openTerminal(os.Stdout, v.Color, v.Width))
	}
	if v.Text == "show" || v.Text == "auto" && live && !v.Raw && !v.Summary {
		cfg.Text = textWriter(os.Stderr, v.Color)
	}
	tally, err := view.Run(ctx, cfg)
	if odd := tally.Odd(cfg.Text != nil || v.Text == "hide"); odd != "" {
		complain(odd)
	}
	return errors.Join(append(inputErrs, err, finish())...)
}

func (v viewCommand) filter() traces.Filter {
	return traces.Filter{ID: v.Trace, Route: v.Route, Errors: v.Errors, Slower: v.Slower}
}

// output chooses how the traces are written.
func (v viewCommand) output(screen terminal) view.Output {
	options := waterfall.Options{Color: screen.color, Cursor: screen.hasCursor(), Attributes: v.Attributes, Rows: v.Rows, Location: time.Local}
	if v.Utc {
		options.Location = time.UTC
	}
	switch {
	case v.Raw:
		return view.Lines{W: os.Stdout}
	case v.Summary:
		return &view.Summary{W: os.Stdout, Width: screen.width, Filter: v.filter(), Options: options}
	}
	return &view.Waterfalls{W: os.Stdout, Width: screen.width, Options: options}
}
