// Package spangen makes batches of spans out of bytes, for the fuzz tests and the randomised tests of the formats, and says
// what of such a batch a format must give back.
package spangen
