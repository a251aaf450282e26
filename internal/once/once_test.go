package once

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFilter(t *testing.T) {
	var f Filter
	down, slow := errors.New("down"), errors.New("slow")
	require.NoError(t, f.Error(nil))
	require.Equal(t, down, f.Error(down))
	require.NoError(t, f.Error(down))
	require.NoError(t, f.Error(errors.New("down")), "the text counts")
	require.Equal(t, slow, f.Error(slow))
	require.NoError(t, f.Error(down), "they take turns")
	f.Fine()
	require.NoError(t, f.Error(slow), "the same error returns too soon")
	f.Fine()
	f.passed = f.passed.Add(-time.Hour)
	require.Equal(t, slow, f.Error(slow), "the error returns after an hour")
	f.passed = f.passed.Add(-time.Hour)
	require.NoError(t, f.Error(slow), "there was no success in between")
}
