package lines

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readAll(t testing.TB, r *Reader) []string {
	t.Helper()
	var all []string
	for {
		line, err := r.Next()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		all = append(all, string(line))
	}
}

func TestReader(t *testing.T) {
	long := strings.Repeat("x", 3<<20)
	for _, tc := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"one", "a\n", []string{"a"}},
		{"no end", "a\nb", []string{"a", "b"}},
		{"blank lines", "\n\n", []string{"", ""}},
		{"CRLF", "a\r\nb\r\n", []string{"a", "b"}},
		{"byte order mark", "\ufeff{}\n", []string{"{}"}},
		{"several megabytes", long + "\nb\n", []string{long, "b"}},
		{"NUL", "a\x00b\n", []string{"a\x00b"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.want, readAll(t, NewReader(strings.NewReader(tc.in))))
		})
	}
}

func TestReaderLeavesOutWhatIsTooLong(t *testing.T) {
	r := NewReader(strings.NewReader("a\n" + strings.Repeat("x", 300<<10) + "\nb\n" + strings.Repeat("y", 300<<10)))
	r.max = 200 << 10
	assert.Equal(t, []string{"a", "b"}, readAll(t, r))
	assert.Equal(t, 2, r.TooLong)
}

func TestReaderForgetsALongLine(t *testing.T) {
	r := NewReader(strings.NewReader(strings.Repeat("x", 4<<20) + "\n" + strings.Repeat("y", 100<<10) + "\n"))
	readAll(t, r)
	assert.Less(t, cap(r.buf), 1<<20)
}

func TestReaderReturnsTheInputsError(t *testing.T) {
	broken := errors.New("broken")
	r := NewReader(io.MultiReader(strings.NewReader("a\nhalf"), iotest.ErrReader(broken)))
	line, err := r.Next()
	require.NoError(t, err)
	assert.Equal(t, "a", string(line))
	_, err = r.Next()
	assert.ErrorIs(t, err, broken)
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("a\r\nb\n\nc"), 1)
	f.Add([]byte("\xef\xbb\xbf{}\n"), 7)
	f.Add([]byte("{\n 1\n{\n{\n\t2\n}\n[\n 3\n]"), 0)
	f.Add([]byte("{"), 1)
	f.Fuzz(func(t *testing.T, in []byte, piece int) {
		if marked(in) {
			return // it may hold a document
		}
		var want []string
		for line := range bytes.Lines(in) {
			want = append(want, string(new(Reader).trimEnd(line)))
		}
		r := NewReader(iotest.OneByteReader(bytes.NewReader(in)))
		if piece%2 == 0 {
			r = NewReader(bytes.NewReader(in))
		}
		assert.Equal(t, want, readAll(t, r))
		assert.Equal(t, int64(len(in)), r.Offset)
	})
}

func TestReaderTellsWhereItIs(t *testing.T) {
	long := strings.Repeat("x", 100<<10)
	r := NewReader(strings.NewReader("\xef\xbb\xbfa\r\n\n" + long + "\ntorn"))
	for _, want := range []struct {
		offset, end int
		torn        bool
	}{{6, 2, false}, {7, 1, false}, {7 + len(long) + 1, 1, false}, {7 + len(long) + 5, 0, true}} {
		_, err := r.Next()
		require.NoError(t, err)
		assert.Equal(t, int64(want.offset), r.Offset)
		assert.Equal(t, want.end, r.End)
		assert.Equal(t, want.torn, r.Torn)
	}
	_, err := r.Next()
	assert.Equal(t, io.EOF, err)
}
