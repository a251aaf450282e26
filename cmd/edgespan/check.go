package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

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

A service refuses such a document as a whole. docs/remote-config.md has all fields. It exits with 1 if anything is wrong.`
}

// storeLimit is how many characters an entry of Fastly's config stores has room for.
const storeLimit = 8000

// Run checks each document, and says of all that are wrong what it is.
func (c *checkCommand) Run() error {
	if len(c.Files) == 0 {
		c.Files = []string{"-"}
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
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			continue
		}
		fmt.Printf("%s: fine\n", name)
		if n := utf8.RuneCountInString(text); n > storeLimit {
			fmt.Fprintf(os.Stderr, "%s: but its %d characters are more than an entry of a config store has room for (%d)\n", name, n, storeLimit)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d documents would not come into force", wrong, len(c.Files))
	}
	return nil
}

func readDocument(name string) (string, error) {
	if name == "-" {
		text, err := io.ReadAll(io.LimitReader(os.Stdin, 1<<20))
		return string(text), err
	}
	text, err := os.ReadFile(name)
	return string(text), err
}
