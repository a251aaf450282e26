package fault

// writeStderr writes to the console. It does not use package os, which links much of the standard library with TinyGo.
func writeStderr(line []byte) { print(string(line)) }
