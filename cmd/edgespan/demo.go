package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/demo"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
)

// demoCommand is 'edgespan demo', for the example service of Edgespan's repository.
type demoCommand struct {
	Manifest string `short:"C" default:"fastly.toml" placeholder:"FILE" help:"The example's manifest (${default})."`
	Wasm     string `default:"bin/main.wasm" placeholder:"FILE" help:"The compiled example (${default})."`

	Attributes bool   `short:"a" help:"Show attributes, events and links."`
	Width      int    `short:"w" placeholder:"N" help:"Width in columns, at least 40; by default the terminal's."`
	Color      string `default:"auto" enum:"auto,always,never" placeholder:"WHEN" help:"Use colours and line-drawing characters: auto, always or never (${default})."`
}

// Help is the long text of 'edgespan demo --help'.
func (demoCommand) Help() string {
	return `Runs the example service of Edgespan's repository on the local Compute host, sends it requests and draws the trace of each. The demo
has its own backends and leaves nothing behind. Run it in the repository's folder: 'make run' builds the example and starts the demo.`
}

// Run shows the demo.
func (c demoCommand) Run() error {
	m, err := manifest.Read(c.Manifest)
	if err != nil {
		return fmt.Errorf("%w. The demo is for the example service: run it in the folder of Edgespan's repository", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	screen := openTerminal(os.Stdout, c.Color, c.Width)
	return demo.Run(ctx, demo.Config{
		Wasm: c.Wasm, Build: "make run", Manifest: m, CacheDir: defaultCacheDir(),
		Draw: waterfall.Options{Width: screen.width(), Color: screen.color, Cursor: screen.hasCursor(), Attributes: c.Attributes, Location: time.Local},
		Out:  os.Stdout,
	})
}
