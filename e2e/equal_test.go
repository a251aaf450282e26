package e2e

import (
	"reflect"

	"github.com/edgespan/edgespan/sdk/trace"
)

// equal compares two batches. Empty lists are equal to nil.
func equal(a, b trace.Batch) bool {
	return reflect.DeepEqual(a.Resource.Attributes, b.Resource.Attributes) && reflect.DeepEqual(a.Spans, b.Spans)
}
