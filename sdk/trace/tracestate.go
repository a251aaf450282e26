package trace

import "errors"

const (
	maxTraceStateMembers = 32
	maxTraceStateKey     = 256
	maxTraceStateValue   = 256
	// 32 members of the greatest length would be 16 kB in every backend request and every span. The specification asks to pass
	// on at least 512 characters, and to leave out members of more than 128 characters first.
	longTraceStateMember = 128
	maxTraceStateLong    = 4096 // a member of more than longTraceStateMember must end within these
)

// TraceState is the part of a trace context that belongs to vendors: an immutable list of key=value members, the most recent
// first. The zero value is empty. See https://www.w3.org/TR/trace-context-2/#tracestate-header.
type TraceState struct {
	members string // valid, and without empty members and optional white space
}

var (
	errTraceState       = errors.New("trace: malformed tracestate")
	errTraceStateMember = errors.New("trace: a tracestate member needs a valid key and a value of 1 to 256 printable characters")
)

// ParseTraceState parses the values of one or more tracestate headers, joined in their order. If a key appears more than once,
// the first member, which is the most recent, is used. If anything is malformed, or there are more than 32 members, it returns
// an error and the empty state. Members of more than 128 characters that end beyond the first 4,096 characters are left out, so
// a state is at most 7,192 characters long.
func ParseTraceState(headers ...string) (TraceState, error) {
	ts, ok := parseMembers(headers, "")
	if !ok {
		return TraceState{}, errTraceState
	}
	return ts, nil
}

// parseMembers is the one place that knows the rules, so every other function makes its states with it. It returns the members
// of lists, which are joined, except the one with the key drop. At a malformed member, and at the 33rd, it returns false and the
// members before.
//
// A key is a lowercase letter or digit, followed by lowercase letters, digits and _-*/@. A value is printable, and has no comma
// and no equals sign. Members may have white space around them, and may be empty.
//
//go:noinline
func parseMembers(lists []string, drop string) (ts TraceState, ok bool) {
	var keys [1 + maxTraceStateMembers]string // drop, and the keys so far
	keys[0] = drop
	count := 0
	for _, list := range lists {
	next:
		for list != "" {
			end := memberEnd(list)
			member := trimSpace(list[:end])
			list = list[min(end+1, len(list)):]
			if member == "" {
				continue
			}
			eq := indexByte(member, '=')
			count++
			if count > maxTraceStateMembers || eq < 1 || eq > maxTraceStateKey || eq+1 == len(member) || len(member)-eq-1 > maxTraceStateValue {
				return ts, false
			}
			for i := 0; i < len(member); i++ {
				c := member[i]
				if i > eq && (c < ' ' || c > '~' || c == '=') ||
					i < eq && c-'a' > 'z'-'a' && c-'0' > 9 && (i == 0 || indexByte("_-*/@", c) < 0) {
					return ts, false
				}
			}
			key := member[:eq]
			for _, earlier := range keys[:count] {
				if earlier == key {
					continue next
				}
			}
			keys[count] = key
			if len(member) > longTraceStateMember && len(ts.members)+len(",")+len(member) > maxTraceStateLong {
				continue
			}
			if ts.members != "" {
				member = "," + member
			}
			ts.members += member
		}
	}
	return ts, true
}

// String returns ts as the value of a tracestate header.
func (ts TraceState) String() string { return ts.members }

// IsEmpty reports whether ts has no members.
func (ts TraceState) IsEmpty() bool { return ts.members == "" }

// Get returns the value of key, or "" if ts has no such key.
func (ts TraceState) Get(key string) string {
	for rest := ts.members; rest != ""; {
		end := memberEnd(rest)
		if n := len(key); n < end && rest[n] == '=' && rest[:n] == key {
			return rest[n+1 : end]
		}
		rest = rest[min(end+1, len(rest)):]
	}
	return ""
}

// With returns the state with key set to value and moved to the front. If that makes 33 members, the last is left out, and long
// members are left out as in [ParseTraceState]. With returns an error and ts unchanged if key or value is invalid.
func (ts TraceState) With(key, value string) (TraceState, error) {
	member := key + "=" + value
	if alone, ok := parseMembers([]string{member}, ""); !ok || alone.members != member || memberEnd(member) < len(member) {
		return ts, errTraceStateMember
	}
	ts, _ = parseMembers([]string{member, ts.Without(key).members}, "")
	return ts, nil
}

// Without returns the state without key.
func (ts TraceState) Without(key string) TraceState {
	ts, _ = parseMembers([]string{ts.members}, key)
	return ts
}

// memberEnd returns the end of the first member of a list.
func memberEnd(list string) int {
	n := 0
	for n < len(list) && list[n] != ',' {
		n++
	}
	return n
}

func trimSpace(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// indexByte is used in place of strings.IndexByte: package strings links the tables of package unicode, which are 100 kB with
// TinyGo.
//
//go:noinline
func indexByte(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}
