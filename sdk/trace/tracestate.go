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
	members, left, count := "", "", 0 // the members to keep, and those to leave out, with a comma before each
	for _, h := range headers {
		for at := 0; at < len(h); at++ {
			// A member ends at the next comma. It may have white space around it, and it may be empty.
			from := at
			at = memberEnd(h, at)
			member := trimSpace(h[from:at])
			if member == "" {
				continue
			}
			eq := indexByte(member, '=')
			count++
			if eq < 0 || count > maxTraceStateMembers || !validState(member[:eq], member[eq+1:]) {
				return TraceState{}, errTraceState
			}
			if _, end := find(members+left, member[:eq]); end > 0 {
				continue
			}
			list := &members
			if reachesTooFar(members, member) {
				list = &left
			}
			*list += "," + member
		}
	}
	return TraceState{members[min(len(members), 1):]}, nil
}

// String returns ts as the value of a tracestate header.
func (ts TraceState) String() string { return ts.members }

// IsEmpty reports whether ts has no members.
func (ts TraceState) IsEmpty() bool { return ts.members == "" }

// Get returns the value of key, or "" if ts has no such key.
func (ts TraceState) Get(key string) string {
	from, end := find(ts.members, key)
	if end == 0 {
		return ""
	}
	return ts.members[from+len(key)+1 : end]
}

// With returns the state with key set to value and moved to the front. If that makes 33 members, the last is left out, and long
// members are left out as in [ParseTraceState]. With returns an error and ts unchanged if key or value is invalid.
func (ts TraceState) With(key, value string) (TraceState, error) {
	if !validState(key, value) {
		return ts, errTraceStateMember
	}
	members, rest := ","+key+"="+value, ts.Without(key).members
	for count, from := 1, 0; from < len(rest) && count < maxTraceStateMembers; count++ {
		to := memberEnd(rest, from)
		if member := rest[from:to]; !reachesTooFar(members, member) {
			members += "," + member
		}
		from = to + 1
	}
	return TraceState{members[1:]}, nil
}

// reachesTooFar reports whether member is a long one that would end beyond the limit when appended to members.
func reachesTooFar(members, member string) bool {
	return len(members)+len(member) > maxTraceStateLong && len(member) > longTraceStateMember
}

// Without returns the state without key.
func (ts TraceState) Without(key string) TraceState {
	from, end := find(ts.members, key)
	switch {
	case end == 0:
	case end < len(ts.members):
		ts.members = ts.members[:from] + ts.members[end+1:]
	case from > 0:
		ts.members = ts.members[:from-1]
	default:
		ts.members = ""
	}
	return ts
}

// find returns where the member with key begins and ends. It returns an end of 0 if there is none.
//
//go:noinline
func find(members, key string) (from, to int) {
	for from < len(members) {
		to = memberEnd(members, from)
		if n := from + len(key); n < to && members[n] == '=' && members[from:n] == key {
			return from, to
		}
		from = to + 1
	}
	return 0, 0
}

// memberEnd returns the end of the member that begins at from.
func memberEnd(members string, from int) int {
	for from < len(members) && members[from] != ',' {
		from++
	}
	return from
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

// validState reports whether key and value are valid in level 2 of the specification. A key is a lowercase letter or digit,
// followed by lowercase letters, digits and _-*/@. A value is printable, has no comma and no equals sign, and does not end with
// a space.
//
//go:noinline
func validState(key, value string) bool {
	if key == "" || len(key) > maxTraceStateKey || value == "" || len(value) > maxTraceStateValue || value[len(value)-1] == ' ' {
		return false
	}
	for i := 0; i < len(key); i++ {
		c := key[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || i > 0 && indexByte("_-*/@", c) >= 0) {
			return false
		}
	}
	for i := 0; i < len(value); i++ {
		if c := value[i]; c < 0x20 || c > 0x7e || c == ',' || c == '=' {
			return false
		}
	}
	return true
}
