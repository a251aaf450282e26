// Package otelenv reads environment variables by the rules of OpenTelemetry,
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. An empty variable counts as not set, case
// makes no difference in words, and a value that is not understood counts as not set and is reported.
package otelenv

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reader reads variables, and remembers those that it has not understood.
type Reader struct {
	Get   func(name string) string
	wrong []string
}

// Bad remembers that a variable was not understood.
func (r *Reader) Bad(name string) {
	if !slices.Contains(r.wrong, name) {
		r.wrong = append(r.wrong, name)
	}
}

// Err returns an error in the name of function. It lists the variables that were not understood, without their values, which
// may be secrets. It returns nil if there are none.
func (r *Reader) Err(function string) error {
	if r.wrong == nil {
		return nil
	}
	return envError(function + ": variables that are missing or not understood: " + strings.Join(r.wrong, ", "))
}

type envError string

func (e envError) Error() string { return string(e) }

// First returns the name and value of the first variable that is set. If none is, it returns the last name and an empty value.
func (r *Reader) First(names ...string) (name, value string) {
	for _, name = range names {
		if value = strings.TrimSpace(r.Get(name)); value != "" {
			break
		}
	}
	return name, value
}

// True reports whether a variable is "true".
func (r *Reader) True(name string) bool {
	switch _, value := r.First(name); strings.ToLower(value) {
	case "true":
		return true
	case "", "false":
	default:
		r.Bad(name)
	}
	return false
}

// Count returns the number, above 0, in the first variable that is set, or 0 if none is.
func (r *Reader) Count(names ...string) int {
	name, value := r.First(names...)
	n, ok := number(value)
	if !ok || value != "" && n == 0 {
		r.Bad(name)
	}
	return n
}

// Milliseconds returns the timeout in a variable, or 0 if the variable is not set. The value 0 means no timeout, for which it
// returns a very long time.
func (r *Reader) Milliseconds(name string) time.Duration {
	_, value := r.First(name)
	n, ok := number(value)
	switch {
	case !ok:
		r.Bad(name)
	case value != "" && n == 0:
		n = math.MaxInt32
	}
	return time.Duration(n) * time.Millisecond
}

func number(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, false
	}
	return int(n), true
}

// Pairs reads a list of "name=value,name=value" in which names and values are percent encoded. If any part is not such a pair,
// the whole variable is not understood:
// https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable.
func (r *Reader) Pairs(variable string) (pairs [][2]string) {
	_, text := r.First(variable)
	for pair := range strings.SplitSeq(text, ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		name, err := url.PathUnescape(strings.TrimSpace(name))
		value, errValue := url.PathUnescape(strings.TrimSpace(value))
		if !found || name == "" || err != nil || errValue != nil {
			r.Bad(variable)
			return nil
		}
		pairs = append(pairs, [2]string{name, value})
	}
	return pairs
}
