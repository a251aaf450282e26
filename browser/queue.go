package browser

const (
	maxSpans = 1000     // held in memory, and in the storage
	maxBody  = 60 << 10 // what a browser sends for a page that goes is 64 KiB at most
)

// line is an OTLP request with some spans.
type line struct {
	text  string
	spans int
}

const (
	opening = `{"resourceSpans":[`
	closing = `]}`
)

// queue holds lines in the order in which they came. Above maxSpans the oldest go, and are counted.
type queue struct {
	lines   []line
	spans   int
	dropped int
}

func (q *queue) push(l line) {
	q.lines = append(q.lines, l)
	q.spans += l.spans
	for q.spans > maxSpans {
		q.spans -= q.lines[0].spans
		q.dropped += q.lines[0].spans
		q.lines = q.lines[1:]
	}
}

// next takes lines off the queue for one body: as many as fit, and at least one.
func (q *queue) next() []line {
	size, n := 0, 0
	for n < len(q.lines) && (n == 0 || size+len(q.lines[n].text) <= maxBody) {
		size += len(q.lines[n].text)
		q.spans -= q.lines[n].spans
		n++
	}
	taken := q.lines[:n:n]
	q.lines = q.lines[n:]
	return taken
}

// body joins lines to one request.
func body(lines []line) string {
	var b []byte
	for i, l := range lines {
		if i > 0 {
			b = append(b, ',')
		} else {
			b = append(b, opening...)
		}
		b = append(b, l.text[len(opening):len(l.text)-len(closing)]...)
	}
	return string(append(b, closing...))
}

// pack writes lines as the text that the storage keeps: one a line, and unpack reads it. A line that is none of ours is left out.
func pack(lines []line) string {
	var b []byte
	for _, l := range lines {
		b = append(append(b, l.text...), '\n')
	}
	return string(b)
}

func unpack(text string) (lines []line) {
	for text != "" {
		var one string
		one, text, _ = cut(text, "\n")
		spans := count(one, `"startTimeUnixNano":"`)
		if spans > 0 && hasPrefix(one, opening) && hasSuffix(one, closing) {
			lines = append(lines, line{one, spans})
		}
	}
	return lines
}
