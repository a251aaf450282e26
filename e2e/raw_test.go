package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// rawResponse is everything that the client's connection received. It is read without net/http, which would hide half of it.
type rawResponse struct {
	interim  []string // informational responses before the final one, including their headers
	status   string   // the status line
	header   []string // header lines in alphabetical order, without date and framing
	framing  string   // "content-length: 5", "chunked", "until close" or "none"
	body     string
	trailers []string
	ending   string // "complete", or how the response was cut off
	after    string // bytes after the response
	took     time.Duration
}

// raw sends a request byte for byte, and reads until the server closes the connection, if the request asks for that. If the
// connection is upgraded, it sends "ping" and closes its half.
func (s *service) raw(t *testing.T, request string) rawResponse {
	t.Helper()
	s.use(t)
	conn, err := net.Dial("tcp", s.addr)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	began := time.Now()
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	method, _, _ := strings.Cut(request, " ")
	br := bufio.NewReader(conn)
	r := readResponse(br, method, began)
	switch {
	case r.code() == http.StatusSwitchingProtocols:
		_, _ = io.WriteString(conn, "ping")
		_ = conn.(*net.TCPConn).CloseWrite()
	case !strings.Contains(request, "\r\nConnection: close\r\n"):
		return r
	}
	rest, err := io.ReadAll(br)
	r.after = string(rest)
	if err != nil {
		r.after += broken(err)
	}
	if r.ending == "no response" {
		t.Logf("stderr of the host:\n%s", s.proc.said())
	}
	return r
}

// rawRequest returns the text of a request for raw. lines are additional header lines, and a body.
func (s *service) rawRequest(t *testing.T, method, target string, c caller, lines ...string) string {
	t.Helper()
	head := []string{
		method + " " + target + " HTTP/1.1",
		"Host: " + s.use(t).addr,
		"Traceparent: " + c.traceparent(),
		"X-Test: " + c.trace.String(),
	}
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "Connection:") }) {
		head = append(head, "Connection: close")
	}
	return strings.Join(append(head, lines...), "\r\n") + "\r\n\r\n"
}

func readResponse(br *bufio.Reader, method string, began time.Time) (r rawResponse) {
	for {
		var framing []string
		var err error
		if r.status, err = readLine(br); err != nil {
			r.ending = "no response"
			return r
		}
		r.header, framing, err = readHeader(br)
		if err != nil {
			r.ending = "broken off in the header: " + broken(err)
			return r
		}
		code := r.code()
		if code >= 100 && code < 200 && code != http.StatusSwitchingProtocols {
			r.interim = append(r.interim, r.status+"\n"+strings.Join(append(r.header, framing...), "\n"))
			continue
		}
		r.readBody(br, method, code, framing)
		r.took = time.Since(began)
		return r
	}
}

func (r *rawResponse) code() int {
	fields := strings.Fields(r.status)
	if len(fields) < 2 {
		return 0
	}
	code, _ := strconv.Atoi(fields[1])
	return code
}

func (r *rawResponse) readBody(br *bufio.Reader, method string, code int, framing []string) {
	r.ending = "complete"
	r.framing = strings.Join(framing, ", ")
	if method == http.MethodHead || code == http.StatusSwitchingProtocols || code == http.StatusNoContent || code == http.StatusNotModified {
		return
	}
	var body bytes.Buffer
	var err error
	switch {
	case slices.Contains(framing, "transfer-encoding: chunked"):
		err = readChunks(br, &body)
		if err == nil {
			r.trailers, _, err = readHeader(br)
		}
	case len(framing) == 1:
		var n int64
		_, value, _ := strings.Cut(framing[0], ": ")
		if n, err = strconv.ParseInt(value, 10, 64); err == nil {
			_, err = io.CopyN(&body, br, n)
		}
	default:
		r.framing = "until close"
		_, err = io.Copy(&body, br)
	}
	r.body = body.String()
	if err != nil {
		r.ending = "broken off: " + broken(err)
	}
}

func readChunks(br *bufio.Reader, to io.Writer) error {
	for {
		line, err := readLine(br)
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(line, 16, 64)
		if err != nil || size < 0 {
			return fmt.Errorf("chunk of size %q", line)
		}
		if size == 0 {
			return nil
		}
		if _, err := io.CopyN(to, br, size); err != nil {
			return err
		}
		if line, err := readLine(br); err != nil || line != "" {
			return errors.Join(err, fmt.Errorf("%q behind a chunk", line))
		}
	}
}

// readHeader reads up to the empty line. It returns names in lower case, since HTTP ignores case.
func readHeader(br *bufio.Reader) (header, framing []string, err error) {
	for {
		line, err := readLine(br)
		if err != nil {
			return header, framing, err
		}
		if line == "" {
			slices.SortStableFunc(header, func(a, b string) int {
				nameA, _, _ := strings.Cut(a, ":")
				nameB, _, _ := strings.Cut(b, ":")
				return strings.Compare(nameA, nameB)
			})
			return header, framing, nil
		}
		name, value, _ := strings.Cut(line, ":")
		name, value = strings.ToLower(name), strings.TrimSpace(value)
		switch name {
		case "date":
		case "content-length", "transfer-encoding":
			framing = append(framing, name+": "+value)
		default:
			header = append(header, name+": "+value)
		}
	}
}

func readLine(br *bufio.Reader) (string, error) {
	line, err := br.ReadString('\n')
	if err != nil {
		if err == io.EOF && line != "" {
			err = io.ErrUnexpectedEOF
		}
		return line, err
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}

// broken describes an error in words that do not vary.
func broken(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "closed"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case strings.Contains(err.Error(), "reset"):
		return "closed" // FIN or RST depends on what was left unread
	}
	return err.Error()
}
