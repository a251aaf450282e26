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

// The pieces that all lines have.
const (
	opening = `{"resourceSpans":[`
	spans   = `"spans":[`
	closing = `]}]}]}`
)

// head returns what stands before a line's first span: the resource and the scope, which are the same for all of a page.
func (l line) head() string { return l.text[:index(l.text, spans)+len(spans)] }

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
	size, n, head := 0, 0, ""
	for ; n < len(q.lines); n++ {
		l := q.lines[n]
		h := l.head()
		size += len(l.text)
		if h == head {
			size -= len(h) + len(closing) - len(`,`)
		}
		if n > 0 && size > maxBody {
			break
		}
		head = h
		q.spans -= l.spans
	}
	taken := q.lines[:n:n]
	q.lines = q.lines[n:]
	return taken
}

// body joins lines to one request. Those in a row that have the same head share it.
func body(lines []line) string {
	var b []byte
	head := ""
	for i, l := range lines {
		h := l.head()
		from := 0
		switch {
		case i == 0:
		case h == head:
			b = append(b, ',')
			from = len(h)
		default:
			b = append(b, `]}]},`...)
			from = len(opening)
		}
		b = append(b, l.text[from:len(l.text)-len(closing)]...)
		head = h
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
		n := count(one, `"startTimeUnixNano":"`)
		if n > 0 && hasPrefix(one, opening) && contains(one, spans) && hasSuffix(one, closing) {
			lines = append(lines, line{one, n})
		}
	}
	return lines
}
