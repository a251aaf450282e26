package incoming

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestRegionCode: of a place that is not known nothing is recorded, whichever half is missing.
func TestRegionCode(t *testing.T) {
	for _, test := range [][3]string{
		{"US", "TX", "US-TX"}, {"US", "", ""}, {"", "TX", ""}, {"US", "<null>", ""}, {"<null>", "<null>", ""}, {"<undefined>", "TX", ""},
	} {
		assert.Equal(t, test[2], regionCode(test[0], test[1]), "%q", test)
	}
}
