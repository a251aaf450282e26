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
	Files []string `arg:"" optional:"" name:"file" help:"The documents to check; - or none is standard input."`
}

// Help is the long text of 'edgespan check --help'.
func (checkCommand) Help() string {
	return `Checks documents of remote configuration before you put them into a config store, and says what is wrong with each:

  edgespan check settings.json && fastly config-store-entry update --store-id=… --key=edgespan --upsert --stdin <settings.json

You can also check the file that [local_server.config_stores] of fastly.toml names: the document in it is the value of the key "edgespan".
A service ignores a document that has any mistake. docs/remote-config.md lists all fields.

Exit codes: 0 if all documents are fine; 1 if any is not; 2 if the command line is wrong.`
}

// storeLimit is how many characters an entry of a Fastly config store can hold.
const storeLimit = 8000

// Run checks each document and prints what is wrong with it.
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
		name, text = documentOf(inputName(name), text)
		switch {
		case err != nil:
		case text == "":
			err = errors.New("it is empty, which counts as no document: the service keeps its compiled-in settings")
		case strings.TrimSpace(text) == "":
			err = errors.New("it has only white space, which counts as no document: the service keeps its compiled-in settings")
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
			fmt.Fprintf(os.Stderr, "%s: but its %d characters are more than an entry of a config store can hold (%d)\n", name, n, storeLimit)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d documents would not take effect", wrong, len(c.Files))
	}
	return nil
}

// documentLimit is how many bytes of a document are read at most. A document that takes effect is far smaller.
const documentLimit = 1 << 20

// inputName is what messages call an input.
func inputName(name string) string {
	if name == inputs.Stdin {
		return "standard input"
	}
	return safetext.Clean(name)
}

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
		err = fmt.Errorf("it has more than %d bytes, so it is not a document of remote configuration", documentLimit)
	}
	return string(text), err
}
