// Package gzip compresses the bodies that package otlphttp sends.
//
//	otlphttp.Config{Gzip: gzip.Compress, …}
//
// It is a separate package so that a program that does not use it does not link compress/gzip.
package gzip

import (
	"bytes"
	"compress/gzip"
)

// Compress is the function for otlphttp.Config.Gzip. It compresses for speed: traces are so repetitive that more effort gains
// little.
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
