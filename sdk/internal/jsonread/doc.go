// Package jsonread reads values from a parsed JSON line in all forms that other programs write: numbers as numbers or strings,
// ids in either case, and strings that are not UTF-8. Results are copies that share no memory with the parser. Errors say where
// in the line they are.
package jsonread
