// Package otelenv reads variables by the rules of https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/: one that
// is empty is not set, words may be in capitals, and what is not understood counts as not set, and is told.
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

// Bad remembers a variable.
func (r *Reader) Bad(name string) {
	if !slices.Contains(r.wrong, name) {
		r.wrong = append(r.wrong, name)
	}
}

// Err returns an error of the function that has read, which names those variables and not their values, which may be secrets; nil where
// there are none.
func (r *Reader) Err(function string) error {
	if r.wrong == nil {
		return nil
	}
	return envError(function + ": missing, or with a value that is not understood: " + strings.Join(r.wrong, ", "))
}

type envError string

func (e envError) Error() string { return string(e) }

// First returns the first of the variables that is set, with its name; the last one's where none is.
func (r *Reader) First(names ...string) (name, value string) {
	for _, name = range names {
		if value = strings.TrimSpace(r.Get(name)); value != "" {
			break
		}
	}
	return name, value
}

// True tells whether a variable says so.
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

// Count returns a number above 0 of the first variable that is set, and 0 where none is.
func (r *Reader) Count(names ...string) int {
	name, value := r.First(names...)
	n, ok := number(value)
	if !ok || value != "" && n == 0 {
		r.Bad(name)
	}
	return n
}

// Milliseconds returns a time-out, and 0 where the variable is not set. A time-out of 0 is one without end.
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

// Pairs reads "name=value,name=value", both percent encoded. Where something is no such pair, all of it is not understood:
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
