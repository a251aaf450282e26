// Package inputs opens what is to be read: standard input, and files, read once or followed as they grow and are rotated; compressed
// with gzip, zstd or not.
package inputs
