package browser

// The few functions on text that a page's tracer needs. Package strings would bring the tables of package unicode along: with
// TinyGo that is 100 kB, more than all the rest of the binary's data.

func index(s, sub string) int {
	for i := 0; i+len(sub) <= len(s); i++ {
		if s[i:i+len(sub)] == sub {
			return i
		}
	}
	return -1
}

func contains(s, sub string) bool     { return index(s, sub) >= 0 }
func hasPrefix(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }
func cut(s, sep string) (before, after string, found bool) {
	if i := index(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func lastByte(s string, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
}

func split(s, sep string) (parts []string) {
	for {
		part, rest, found := cut(s, sep)
		parts = append(parts, part)
		if !found {
			return parts
		}
		s = rest
	}
}

func join(parts []string, sep string) string {
	var b []byte
	for i, part := range parts {
		if i > 0 {
			b = append(b, sep...)
		}
		b = append(b, part...)
	}
	return string(b)
}

// lower makes lower case of ASCII letters, and leaves others alone.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
