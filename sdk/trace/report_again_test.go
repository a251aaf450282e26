//go:build go1.25 && !js

package trace_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Errors that were left out are mentioned once, by the line after them.
func TestDefaultReportSaysOnceWhatWasLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		assert.Equal(t, "edgespan: boom\n"+
			"edgespan: boom (and earlier errors that were not shown)\n"+
			"edgespan: boom\n"+
			"edgespan: boom (and earlier errors that were not shown)\n",
			stderrOf(t, func() {
				report := trace.NewTracerProvider(trace.Config{}).ReportError
				for _, times := range []int{2, 1, 2, 1} {
					for range times {
						report(errBoom)
					}
					time.Sleep(time.Second)
				}
			}))
	})
}
