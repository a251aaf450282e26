package once

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTexts(t *testing.T) {
	var texts Texts
	for i := range 8 {
		require.True(t, texts.IsNew(strconv.Itoa(i)))
	}
	for i := range 8 {
		require.False(t, texts.IsNew(strconv.Itoa(i)), "it takes turns with seven others")
	}
	require.True(t, texts.IsNew("8"), "the ninth begins anew")
	require.False(t, texts.IsNew("8"))
	require.True(t, texts.IsNew("0"))
	require.False(t, texts.IsNew("0"))
}
