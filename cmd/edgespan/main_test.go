package main

import (
	"os"
	"testing"
)

// asCommand makes the test's binary behave as the command itself, so that tests can start it as a process.
const asCommand = "EDGESPAN_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}
