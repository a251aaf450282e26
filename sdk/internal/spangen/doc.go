// Package spangen makes batches of spans from random bytes, for the fuzz tests and the randomised tests of the formats. It also
// says what a decoder must return for such a batch.
package spangen
