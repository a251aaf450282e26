//go:build go1.25 && !js

package trace_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// An error that comes soon after another one is written, because many are reported only once. If there are more than four in a second,
// the rest is left out, and the next line mentions that.
func TestDefaultReportSaysOnceWhatWasLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		assert.Equal(t, "edgespan: config store\nedgespan: log endpoint\n"+
			"edgespan: 1\nedgespan: 2\nedgespan: 3\nedgespan: 4\n"+
			"edgespan: 6 (and earlier errors that were not shown)\nedgespan: 7\n"+
			"edgespan: 8\n",
			stderrOf(t, func() {
				report := trace.NewTracerProvider(trace.Config{}).ReportError
				for _, second := range [][]string{{"config store", "log endpoint"}, {"1", "2", "3", "4", "5"}, {"6", "7"}, {"8"}} {
					for _, text := range second {
						report(errors.New(text))
					}
					time.Sleep(time.Second)
				}
			}))
	})
}
