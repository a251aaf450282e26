// Package inputs opens standard input and files. Files can be read once, or followed as they grow and are rotated. They may be
// compressed with gzip or zstd.
package inputs
