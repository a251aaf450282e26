// Package gzip compresses the bodies of otlphttp. It is a package of its own so that a program without it does not link
// compress/gzip.
package gzip

import (
	"bytes"
	"compress/gzip"
)

// Compress is for otlphttp.Config.Gzip. It compresses for speed: traces repeat themselves so much that more effort gains little.
func Compress(body []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
