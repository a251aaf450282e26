package host

import "bytes"

// writeLog prints one write to a log endpoint as "name :: line", as Viceroy does: it drops one newline at the end, escapes those
// inside, and prints nothing for an empty write.
func writeLog(out *lockedWriter, name string, msg []byte) {
	msg = bytes.TrimSuffix(msg, []byte{'\n'})
	if len(msg) == 0 {
		return
	}
	line := make([]byte, 0, len(name)+4+len(msg)+bytes.Count(msg, []byte{'\n'})+1)
	line = append(line, name...)
	line = append(line, " :: "...)
	for {
		before, after, more := bytes.Cut(msg, []byte{'\n'})
		line = append(line, before...)
		if !more {
			break
		}
		line = append(line, `\n`...)
		msg = after
	}
	out.Write(append(line, '\n'))
}

// endpointWriter prints a guest's own stdout or stderr like log lines.
type endpointWriter struct {
	out  *lockedWriter
	name string
}

func (e endpointWriter) Write(p []byte) (int, error) {
	writeLog(e.out, e.name, p)
	return len(p), nil
}
