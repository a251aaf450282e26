package inputs

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOpenFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	require.NoError(t, os.WriteFile(good, []byte("x"), 0o600))
	inputs, errs := OpenFiles(context.Background(), []string{good, filepath.Join(dir, "none"), dir}, false)
	require.Len(t, inputs, 1)
	inputs[0].Reader.Close()
	require.Len(t, errs, 2)
	assert.ErrorIs(t, errs[0], os.ErrNotExist)
	assert.ErrorContains(t, errs[1], "is a directory")
}

// Lines written by PowerShell's > are UTF-16.
func TestUnzipUTF16(t *testing.T) {
	const text = "\ufeff{\"ключ\":\"🎉\"}\r\nno line\r\n"
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		var data []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			data = order.AppendUint16(data, unit)
		}
		r, err := Unzip(bytes.NewReader(data))
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, text[len("\ufeff"):], string(got))

		file := filepath.Join(t.TempDir(), "lines")
		require.NoError(t, os.WriteFile(file, data, 0o600))
		f, err := Open(context.Background(), file)
		require.NoError(t, err)
		assert.True(t, IsCompressed(f), "an offset in the text is none in the file")
		f.Close()
	}
}

// A system has a limit of open files, and a folder of logs may have more of them.
func TestOpenFilesKeepsFewOpen(t *testing.T) {
	dir := t.TempDir()
	var names, texts []string
	for i := range maxOpen + 50 {
		names, texts = append(names, filepath.Join(dir, strconv.Itoa(i))), append(texts, strconv.Itoa(i))
		require.NoError(t, os.WriteFile(names[i], []byte(texts[i]), 0o600))
	}
	for _, follow := range []bool{false, true} {
		all, errs := OpenFiles(context.Background(), names, follow)
		assert.Empty(t, errs)
		open := 0
		for i, in := range all {
			if _, is := in.Reader.(*os.File); is {
				open++
			}
			text, err := io.ReadAll(in.Reader)
			require.NoError(t, err)
			assert.Equal(t, texts[i], string(text))
			assert.NoError(t, in.Reader.Close())
		}
		assert.Equal(t, follow, open == len(names))
		assert.GreaterOrEqual(t, open, maxOpen)
	}
}
