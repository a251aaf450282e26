package trace_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// manyMembers returns k0=v,k1=v,… with n members.
func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "k%d=v", i)
	}
	return b.String()
}

// membersOf returns n members with this many characters each.
func membersOf(n, characters int) string {
	var members []string
	for i := range n {
		key := fmt.Sprintf("c%d-%02d=", characters, i)
		members = append(members, key+strings.Repeat("v", characters-len(key)))
	}
	return strings.Join(members, ",")
}

func TestParseTraceState(t *testing.T) {
	key256, value256 := strings.Repeat("k", 256), strings.Repeat("v", 256)
	for _, tt := range []struct {
		name string
		in   []string
		out  string
	}{
		{"no header", nil, ""},
		{"empty", []string{""}, ""},
		{"white space", []string{" \t "}, ""},
		{"commas", []string{",,, ,"}, ""},
		{"one", []string{"a=1"}, "a=1"},
		{"several", []string{"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"},
		{"white space round members", []string{" a=1\t,\t b=2 , c=3 "}, "a=1,b=2,c=3"},
		{"empty members", []string{",a=1,, ,b=2,"}, "a=1,b=2"},
		{"several headers", []string{"a=1,b=2", "c=3", "d=4"}, "a=1,b=2,c=3,d=4"},
		{"an empty header between", []string{"a=1", "", "b=2"}, "a=1,b=2"},
		{"a tenant", []string{"fw529a3039@dt=FfffffeA"}, "fw529a3039@dt=FfffffeA"},
		{"a key that begins with a digit", []string{"0a=1"}, "0a=1"},
		{"a key of all that is allowed", []string{"az09_-*/@b=1"}, "az09_-*/@b=1"},
		{"two tenants, as level 2 has it", []string{"a@b@c=1"}, "a@b@c=1"},
		{"a key that ends with an at sign", []string{"a@=1"}, "a@=1"},
		{"two at signs", []string{"a@@b=1"}, "a@@b=1"},
		{"an at sign near the end of the longest key", []string{key256[:254] + "@k=1"}, key256[:254] + "@k=1"},
		{"white space in a value", []string{"a= 1  2"}, "a= 1  2"},
		{"a value of punctuation", []string{"a=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"}, "a=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"},
		{"the longest key", []string{key256 + "=1"}, key256 + "=1"},
		{"the longest value", []string{"a=" + value256}, "a=" + value256},
		{"the most members", []string{manyMembers(32)}, manyMembers(32)},
		{"the most members, and empty ones", []string{",," + manyMembers(32) + ",,"}, manyMembers(32)},
		{"short ones, as many and as long as can be", []string{membersOf(32, 128)}, membersOf(32, 128)},
		{"long ones up to 4,096", []string{membersOf(16, 255) + "," + "z=1"}, membersOf(16, 255) + ",z=1"},
		{"up to 4,096 by the last", []string{membersOf(15, 255), membersOf(1, 256)}, membersOf(15, 255) + "," + membersOf(1, 256)},
		{"long ones beyond 4,096", []string{membersOf(15, 255), membersOf(17, 257)}, membersOf(15, 255)},
		{"a long one beyond 4,096, and what comes behind", []string{membersOf(15, 255), membersOf(1, 257), "z=1"}, membersOf(15, 255) + ",z=1"},
		{"the shortest of the long ones, behind short ones", []string{membersOf(31, 128), membersOf(1, 129)}, membersOf(31, 128)},
		{"a long one before short ones", []string{membersOf(1, 129), membersOf(31, 128)}, membersOf(1, 129) + "," + membersOf(31, 128)},
		{"a key twice", []string{"a=1,b=2,a=3"}, "a=1,b=2"},
		{"a key twice, the first a long one that is left out", []string{membersOf(15, 255), "a=" + value256, "a=3"}, membersOf(15, 255)},
		{"a key twice with one value", []string{"a=1,a=1"}, "a=1"},
		{"a key twice at the end of two headers", []string{"b=2,a=1", "a=2", "c=3"}, "b=2,a=1,c=3"},
		{"keys that begin alike", []string{"a=1,ab=2,a@b=3"}, "a=1,ab=2,a@b=3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ts, err := trace.ParseTraceState(tt.in...)
			require.NoError(t, err)
			assert.Equal(t, tt.out, ts.String())
			assert.Equal(t, tt.out == "", ts.IsEmpty())
		})
	}
}

func TestParseTraceStateMalformed(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []string
	}{
		{"no value", []string{"a"}},
		{"empty value", []string{"a="}},
		{"a value of white space", []string{"a= "}},
		{"empty key", []string{"=1"}},
		{"equals sign alone", []string{"="}},
		{"equals sign in the value", []string{"a=1=2"}},
		{"upper case", []string{"A=1"}},
		{"a key that begins with an at sign", []string{"@a=1"}},
		{"a key that begins with a dash", []string{"-a=1"}},
		{"a key of what comes before a", []string{"a`=1"}},
		{"a key of what comes behind z", []string{"a{=1"}},
		{"a key of what comes behind 9", []string{"a:=1"}},
		{"white space before the equals sign", []string{"a =1"}},
		{"white space within the key", []string{"a b=1"}},
		{"a full stop in the key", []string{"a.b=1"}},
		{"a tab in the value", []string{"a=1\t2"}},
		{"a newline", []string{"a=1\n"}},
		{"DEL", []string{"a=\x7f"}},
		{"not ASCII", []string{"a=é"}},
		{"NUL", []string{"a=\x00"}},
		{"a key too long", []string{strings.Repeat("k", 257) + "=1"}},
		{"a value too long", []string{"a=" + strings.Repeat("v", 257)}},
		{"a member too many", []string{manyMembers(33)}},
		{"members too many, each of one key", []string{strings.Repeat("a=1,", 33)}},
		{"a member too many in two headers", []string{manyMembers(32), "a=1"}},
		{"malformed behind what is too long", []string{membersOf(17, 257), "?"}},
		{"malformed behind what is good", []string{"a=1,b=2,?"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ts, err := trace.ParseTraceState(tt.in...)
			assert.Error(t, err)
			assert.Equal(t, trace.TraceState{}, ts)
		})
	}
}

func TestTraceStateGet(t *testing.T) {
	ts := mustState(t, "ab=1,a=2,a@b=3,c=ab")
	for key, want := range map[string]string{"ab": "1", "a": "2", "a@b": "3", "c": "ab", "b": "", "": "", "1": "", "a=2": "", "ab=1,a": ""} {
		assert.Equal(t, want, ts.Get(key), key)
	}
	assert.Empty(t, trace.TraceState{}.Get("a"))
}

func TestTraceStateWith(t *testing.T) {
	for _, tt := range []struct{ name, in, key, value, out string }{
		{"to the empty state", "", "a", "1", "a=1"},
		{"in front", "a=1,b=2", "c", "3", "c=3,a=1,b=2"},
		{"the first", "a=1,b=2", "a", "9", "a=9,b=2"},
		{"moves the last to the front", "a=1,b=2,c=3", "c", "9", "c=9,a=1,b=2"},
		{"moves one from the middle", "a=1,b=2,c=3", "b", "9", "b=9,a=1,c=3"},
		{"the only one", "a=1", "a", "2", "a=2"},
		{"the last is left out at 32", manyMembers(32), "a", "1", "a=1," + manyMembers(31)},
		{"none is left out at 31", manyMembers(31), "a", "1", "a=1," + manyMembers(31)},
		{"none is left out when one of 32 is replaced", manyMembers(32), "k31", "9", "k31=9," + manyMembers(31)},
		{"the last long one makes room", membersOf(16, 255), "a", "1", "a=1," + membersOf(15, 255)},
		{"a long one before short ones", membersOf(31, 128), "a", strings.Repeat("v", 256), "a=" + strings.Repeat("v", 256) + "," + membersOf(31, 128)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := mustState(t, tt.in)
			after, err := before.With(tt.key, tt.value)
			require.NoError(t, err)
			assert.Equal(t, tt.out, after.String())
			assert.Equal(t, tt.value, after.Get(tt.key))
			assert.Equal(t, tt.in, before.String(), "it is immutable")
			assert.Equal(t, after, mustState(t, after.String()))
		})
	}
}

func TestTraceStateWithRefuses(t *testing.T) {
	before := mustState(t, "a=1")
	for _, tt := range []struct{ key, value string }{
		{"", "1"}, {"A", "1"}, {"a b", "1"}, {"a=b", "1"}, {strings.Repeat("k", 257), "1"},
		{"b", ""}, {"b", "1 "}, {"b", "1,c=2"}, {"b", "1,2"}, {"b", "="}, {"b", "\n"}, {"b", "é"}, {"b", strings.Repeat("v", 257)},
	} {
		after, err := before.With(tt.key, tt.value)
		assert.Error(t, err, "%q=%q", tt.key, tt.value)
		assert.Equal(t, before, after)
	}
}

func TestTraceStateWithout(t *testing.T) {
	for _, tt := range []struct{ in, key, out string }{
		{"", "a", ""},
		{"a=1", "a", ""},
		{"a=1", "b", "a=1"},
		{"a=1,b=2,c=3", "a", "b=2,c=3"},
		{"a=1,b=2,c=3", "b", "a=1,c=3"},
		{"a=1,b=2,c=3", "c", "a=1,b=2"},
		{"ab=1,a=2", "a", "ab=1"},
		{"a=1", "", "a=1"},
		{"a=1,b=2", "a=1,b", "a=1,b=2"},
	} {
		before := mustState(t, tt.in)
		assert.Equal(t, tt.out, before.Without(tt.key).String(), "%q without %q", tt.in, tt.key)
		assert.Equal(t, tt.in, before.String(), "it is immutable")
	}
}
