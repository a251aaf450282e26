// Package jsonread reads values off a parsed JSON line in the forms that peers write them: numbers as numbers or strings,
// ids in either case, strings that are not UTF-8. What it returns is a copy, and shares nothing with the parser. Errors
// say where in the line they are.
package jsonread
