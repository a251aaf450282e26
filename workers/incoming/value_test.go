package incoming

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// No region code is recorded if either part of it is unknown.
func TestRegionCode(t *testing.T) {
	for _, test := range [][3]string{
		{"US", "TX", "US-TX"}, {"US", "", ""}, {"", "TX", ""}, {"US", "<null>", ""}, {"<null>", "<null>", ""}, {"<undefined>", "TX", ""},
	} {
		assert.Equal(t, test[2], regionCode(test[0], test[1]), "%q", test)
	}
}
