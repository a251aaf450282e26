package host

import "bytes"

// writeLog prints one write to a log endpoint as "name :: line". One newline at the end is dropped, those inside are
// escaped, and an empty write prints nothing: what Viceroy prints for the same.
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

// endpointWriter prints what a guest writes to its own stdout or stderr like log lines.
type endpointWriter struct {
	out  *lockedWriter
	name string
}

func (e endpointWriter) Write(p []byte) (int, error) {
	writeLog(e.out, e.name, p)
	return len(p), nil
}
