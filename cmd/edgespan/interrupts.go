package main

import (
	"os"
	"os/signal"
	"syscall"
)

// onInterrupts calls the first step at the first Ctrl-C or SIGTERM, the second step at the second, and so on. A signal after the last step
// ends the program at once.
//
// If a pipe is read, the first Ctrl-C does not count: it also reaches the program that writes to the pipe, whose last lines are wanted.
func onInterrupts(pipe bool, steps ...func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for i := 0; i < len(steps); {
			if s := <-signals; pipe && s == os.Interrupt {
				pipe = false
				continue
			}
			if i == len(steps)-1 {
				signal.Stop(signals)
			}
			steps[i]()
			i++
		}
	}()
}
