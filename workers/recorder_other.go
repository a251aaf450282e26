//go:build !js

package workers

import "net/http"

const headersGoWithStatus = true

func (w *recorder) withStreams() http.ResponseWriter { return w }
