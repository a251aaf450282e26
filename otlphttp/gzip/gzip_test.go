package gzip_test

import (
	"bytes"
	stdgzip "compress/gzip"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/otlphttp/gzip"
)

func TestCompress(t *testing.T) {
	for _, size := range []int{0, 1, 1 << 20} {
		body := bytes.Repeat([]byte("x"), size)
		small, err := gzip.Compress(body)
		require.NoError(t, err)
		r, err := stdgzip.NewReader(bytes.NewReader(small))
		require.NoError(t, err)
		again, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, string(body), string(again))
	}
}
