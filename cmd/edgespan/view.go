package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/page"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/view"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
)

// viewCommand is 'edgespan view'.
type viewCommand struct {
	Files []string `arg:"" optional:"" default:"-" name:"file" help:"Files to read; - or none is standard input."`

	Follow bool          `short:"f" help:"Keep reading the files as they grow and are rotated."`
	Join   time.Duration `default:"250ms" placeholder:"TIME" help:"How long a trace of a live input waits for more of its lines (${default})."`

	Trace  string        `short:"t" placeholder:"ID" help:"Only traces whose id begins with ID."`
	Route  string        `short:"r" placeholder:"ROUTE" help:"Only traces with a request of this http.route or root name; * stands for any text."`
	Errors bool          `short:"e" help:"Only traces with a request that failed."`
	Slower time.Duration `short:"s" placeholder:"TIME" help:"Only traces with a request that took at least TIME, as in 100ms."`

	Attributes bool   `short:"a" help:"Show attributes, events and links."`
	Rows       int    `default:"1000" placeholder:"N" help:"Show at most N spans of a trace (${default}); 0 for all."`
	Summary    bool   `help:"Show a table of the requests by root span: count, share of errors, p50, p95, p99 and longest; and no traces."`
	Raw        bool   `help:"Write the chosen traces' lines as they are, and draw nothing."`
	Text       string `default:"auto" enum:"auto,show,hide" placeholder:"WHEN" help:"Lines that are no telemetry go to stderr: show, hide, or auto, which shows those of a live input (${default})."`

	Html   string `placeholder:"FILE" help:"Write one self-contained page with the traces, for a browser."`
	Listen string `placeholder:"HOST:PORT" help:"Serve that page live, with new traces as they arrive, until Ctrl-C; :PORT is this machine only."`
	Keep   int    `default:"1000" placeholder:"N" help:"How many of the chosen traces a page keeps, the last ones (${default})."`

	Width int    `short:"w" placeholder:"N" help:"Width in columns; otherwise the terminal's."`
	Color string `default:"auto" enum:"auto,always,never" placeholder:"WHEN" help:"Colours and line-drawing characters: auto, always or never (${default})."`
	Utc   bool   `help:"Show times in UTC."`
}

// Help is the long text of 'edgespan view --help'.
func (viewCommand) Help() string {
	return `Draws each trace as a waterfall. It finds spans in the output of 'edgespan serve', Viceroy, 'fastly compute serve' and
'fastly log-tail', in OTLP/JSON lines as log endpoints and the Collector's file exporter write them, in compact lines and
Honeycomb's events, and in arrays of these, indented or not, compressed with gzip, zstd or not. Spans of one trace are joined, from several lines and
services. Log records that name a trace are shown in it. A request is a span whose parent is remote or not in the input, and what is below it
as far as the next of these; filters that are given together have to hold for one request. Lines that are something else pass through or are counted.

  edgespan serve | edgespan view
  edgespan view --errors --slower 100ms traces.jsonl
  edgespan view --raw --trace 4bf92f35 traces.jsonl > one.jsonl
  edgespan serve | edgespan view --listen :7680
  edgespan view --html traces.html traces.jsonl
  edgespan view --raw --errors traces.jsonl | edgespan ship

It exits with 0 whatever the lines hold, 1 if an input can not be read or the output not be written, 2 if the command line can not be
meant.`
}

// check refuses what can not be meant.
func (v viewCommand) check() error {
	switch {
	case v.Raw && (v.Html != "" || v.Listen != ""):
		return usage("--raw writes lines and draws nothing: it does not go with --html or --listen")
	case v.Summary && (v.Raw || v.Html != "" || v.Listen != ""):
		return usage("--summary is a table in place of traces: it does not go with --raw, --html or --listen")
	case v.Html != "" && inputs.Among(v.Files, v.Html):
		return usage("--html %s would overwrite a file that is to be read", v.Html)
	case v.Follow && onlyStdin(v.Files):
		return usage("--follow is about files: name one. What comes through a pipe is read as it comes")
	case v.Keep < 1:
		return usage("--keep has to be above 0")
	case v.Rows < 0 || v.Width < 0:
		return usage("--rows and --width have to be above 0, or 0 for all rows and the terminal's width")
	case v.Slower < 0 || v.Join < 0:
		return usage("--slower and --join are times, as in 100ms")
	case len(v.Trace) > 32 || strings.Trim(v.Trace, "0123456789abcdefABCDEF") != "":
		return usage("--trace %s begins no trace id: that is 32 hexadecimal digits", v.Trace)
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
	ctx, stop := v.interrupts()
	defer stop()
	all, inputErrs := inputs.OpenFiles(ctx, v.Files)
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
	if live || v.Listen != "" { // the end, where they are told of, may be far away
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

// output chooses what becomes of the traces.
func (v viewCommand) output(screen terminal) view.Output {
	options := waterfall.Options{Width: screen.width, Color: screen.color, Attributes: v.Attributes, Rows: v.Rows, Location: time.Local}
	if v.Utc {
		options.Location = time.UTC
	}
	switch {
	case v.Raw:
		return view.Lines{W: os.Stdout}
	case v.Summary:
		return &view.Summary{W: os.Stdout, Filter: v.filter(), Options: options}
	}
	return &view.Waterfalls{W: os.Stdout, Options: options}
}

// interrupts returns a context that ends with Ctrl-C, for followed files. A pipe is read on to its end: Ctrl-C also reaches
// whatever writes to it, and its last words are wanted. A second Ctrl-C ends it all the same. What comes after the end of the context
// ends the program, whatever it does.
func (v viewCommand) interrupts() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		first := true
		for s := range signals {
			if !onlyStdin(v.Files) || v.Listen != "" || s != os.Interrupt || !first {
				signal.Stop(signals)
				cancel()
				return
			}
			first = false
		}
	}()
	return ctx, cancel
}
