package trace

import (
	"errors"
	"strings"
)

const (
	maxTraceStateMembers = 32
	maxTraceStateKey     = 256
	maxTraceStateValue   = 256
	// The specification asks for at least 512 characters to be passed on. 32 of the longest members would be 16 kB in
	// every backend request and every span, so that is where a state is refused rather than passed on.
	maxTraceStateLen = 4096
)

// TraceState is the vendors' part of a trace context: an immutable list of key=value members, the most recent first.
// The zero value is empty. See https://www.w3.org/TR/trace-context-2/#tracestate-header.
type TraceState struct {
	members string // valid, without empty members and optional white space
}

var (
	errTraceState       = errors.New("trace: malformed tracestate")
	errTraceStateMember = errors.New("trace: a tracestate member needs a valid key and a value of 1 to 256 printable characters")
)

// ParseTraceState reads the values of one or more tracestate headers, joined in their order. Anything malformed, a key
// that comes twice, more than 32 members or more than 4,096 characters make the whole state invalid, and the result empty.
func ParseTraceState(headers ...string) (TraceState, error) {
	var b strings.Builder
	count := 0
	for _, h := range headers {
		for rest, more := h, true; more; {
			var member string
			member, rest, more = strings.Cut(rest, ",")
			member = strings.Trim(member, " \t")
			if member == "" {
				continue // the specification allows empty members
			}
			key, value, ok := strings.Cut(member, "=")
			if count++; !ok || count > maxTraceStateMembers || !validStateKey(key) || !validStateValue(value) ||
				b.Len()+len(member) > maxTraceStateLen {
				return TraceState{}, errTraceState
			}
			if (TraceState{b.String()}).Get(key) != "" {
				return TraceState{}, errTraceState
			}
			if b.Len() > 0 {
				b.WriteByte(',')
			}
			b.WriteString(member)
		}
	}
	return TraceState{b.String()}, nil
}

// String returns the value of a tracestate header.
func (ts TraceState) String() string { return ts.members }

// IsEmpty reports whether there is no member.
func (ts TraceState) IsEmpty() bool { return ts.members == "" }

// Get returns the value of key, or "".
func (ts TraceState) Get(key string) string {
	for rest := ts.members; rest != ""; {
		var member string
		member, rest, _ = strings.Cut(rest, ",")
		if len(member) > len(key) && member[len(key)] == '=' && member[:len(key)] == key {
			return member[len(key)+1:]
		}
	}
	return ""
}

// With returns the state with key set to value and moved to the front. Where that makes more than 32 members or 4,096
// characters, the last are left out.
func (ts TraceState) With(key, value string) (TraceState, error) {
	if !validStateKey(key) || !validStateValue(value) {
		return ts, errTraceStateMember
	}
	rest := ts.Without(key).members
	for rest != "" && (strings.Count(rest, ",")+2 > maxTraceStateMembers || len(key)+len(value)+2+len(rest) > maxTraceStateLen) {
		rest = rest[:max(0, strings.LastIndexByte(rest, ','))]
	}
	s := key + "=" + value
	if rest != "" {
		s += "," + rest
	}
	return TraceState{s}, nil
}

// Without returns the state without key.
func (ts TraceState) Without(key string) TraceState {
	if ts.Get(key) == "" {
		return ts
	}
	var b strings.Builder
	for rest := ts.members; rest != ""; {
		var member string
		member, rest, _ = strings.Cut(rest, ",")
		if strings.HasPrefix(member, key) && strings.HasPrefix(member[len(key):], "=") {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(member)
	}
	return TraceState{b.String()}
}

// validStateKey follows level 2: a lowercase letter or digit, then lowercase letters, digits and _-*/@.
func validStateKey(key string) bool {
	if key == "" || len(key) > maxTraceStateKey || !isLowerAlnum(key[0]) {
		return false
	}
	for i := 1; i < len(key); i++ {
		switch c := key[i]; {
		case isLowerAlnum(c), c == '_', c == '-', c == '*', c == '/', c == '@':
		default:
			return false
		}
	}
	return true
}

func validStateValue(v string) bool {
	if v == "" || len(v) > maxTraceStateValue || v[len(v)-1] == ' ' {
		return false
	}
	for i := 0; i < len(v); i++ {
		if c := v[i]; c < 0x20 || c > 0x7e || c == ',' || c == '=' {
			return false
		}
	}
	return true
}

func isLowerAlnum(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
