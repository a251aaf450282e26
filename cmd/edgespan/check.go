package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// checkCommand is 'edgespan check'.
type checkCommand struct {
	Files []string `arg:"" optional:"" name:"file" help:"Documents to check; without any, standard input."`
}

// Help is the long text of 'edgespan check --help'.
func (checkCommand) Help() string {
	return `Says what is wrong with a document of remote configuration, before it goes into a config store:

  edgespan check settings.json && fastly config-store-entry update --store-id=… --key=edgespan --upsert --stdin <settings.json

Of the file that [local_server.config_stores] of fastly.toml names, the document is the value of "edgespan", which is found.
A service refuses a document with a mistake as a whole. docs/remote-config.md has all fields. It exits with 1 if anything is wrong, 2 if the command line can not be meant.`
}

// storeLimit is how many characters an entry of Fastly's config stores has room for.
const storeLimit = 8000

// Run checks each document, and says of all that are wrong what it is.
func (c *checkCommand) Run() error {
	if len(c.Files) == 0 {
		c.Files = []string{inputs.Stdin}
	}
	if err := checkFiles(c.Files, "edgespan check <settings.json"); err != nil {
		return err
	}
	wrong := 0
	for _, name := range c.Files {
		text, err := readDocument(name)
		name, text = documentOf(safetext.Clean(name), text)
		switch {
		case err != nil:
		case text == "":
			err = errors.New("it is empty, which counts as no document at all: what is compiled in holds")
		case strings.TrimSpace(text) == "":
			err = errors.New("there is nothing but white space in it, which is no document: what is compiled in holds")
		default:
			err = checkDocument(text)
		}
		if err != nil {
			wrong++
			fmt.Fprintf(os.Stderr, "%s: %s\n", name, safetext.CleanLines(err.Error()))
		} else if _, err := fmt.Printf("%s: fine\n", name); err != nil {
			return err
		}
		for _, hint := range routeHints(text) {
			fmt.Fprintf(os.Stderr, "%s: %s\n", name, safetext.Clean(hint))
		}
		if n := utf8.RuneCountInString(text); err == nil && n > storeLimit {
			fmt.Fprintf(os.Stderr, "%s: but its %d characters are more than an entry of a config store has room for (%d)\n", name, n, storeLimit)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d documents would not come into force", wrong, len(c.Files))
	}
	return nil
}

// documentLimit bounds what is read, in bytes. A document that comes into force has far less.
const documentLimit = 1 << 20

func readDocument(name string) (string, error) {
	in := os.Stdin
	if name != inputs.Stdin {
		f, err := inputs.Open(context.Background(), name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, documentLimit+1))
	if err == nil && len(text) > documentLimit {
		err = fmt.Errorf("it has more than %d bytes, and so is no document of remote configuration", documentLimit)
	}
	return string(text), err
}
