package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/remoteconfig"
)

// checkCommand is 'edgespan check'.
type checkCommand struct {
	Files []string `arg:"" optional:"" name:"file" help:"Documents to check; without any, standard input."`
}

// Help is the long text of 'edgespan check --help'.
func (checkCommand) Help() string {
	return `Says what is wrong with a document of remote configuration, before it goes into a config store:

  edgespan check settings.json && fastly config-store-entry update --store-id=… --key=edgespan --upsert --stdin <settings.json

A service refuses such a document as a whole. docs/remote-config.md has all fields. It exits with 1 if anything is wrong, 2 if the command line can not be meant.`
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
		if err == nil && text == "" {
			err = errors.New("it is empty, which counts as no document at all: what is compiled in holds")
		}
		if err == nil {
			err = remoteconfig.Check(text)
		}
		if err != nil {
			wrong++
			fmt.Fprintf(os.Stderr, "%s: %s\n", safetext.Clean(name), safetext.CleanLines(err.Error()))
			continue
		}
		if _, err := fmt.Printf("%s: fine\n", safetext.Clean(name)); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(text); n > storeLimit {
			fmt.Fprintf(os.Stderr, "%s: but its %d characters are more than an entry of a config store has room for (%d)\n", safetext.Clean(name), n, storeLimit)
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
		f, err := inputs.Open(name)
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
