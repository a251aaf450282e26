package e2e

import (
	"reflect"

	"github.com/edgespan/edgespan/sdk/trace"
)

// equal compares batches as data: an empty list is as good as none.
func equal(a, b trace.Batch) bool {
	return reflect.DeepEqual(a.Resource.Attributes, b.Resource.Attributes) && reflect.DeepEqual(a.Spans, b.Spans)
}
