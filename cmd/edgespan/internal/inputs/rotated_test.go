package inputs

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNamesOfRotatedFiles(t *testing.T) {
	for base, names := range map[string][]string{
		"spans.jsonl": {"spans.jsonl.1", "spans.jsonl.12.gz", "spans.jsonl-20260131.zst", "spans-2026-01-31.jsonl", "spans-2026-01-31T10:00.jsonl.gz", "spans.7.jsonl"},
		"spans":       {"spans.1", "spans-20260131.gz"},
		"spans.gz":    {"spans.gz.1", "spans-1.gz"},
	} {
		for _, name := range names {
			assert.True(t, isRotated(name, base), name)
		}
		for _, name := range []string{base, base + ".part", base + ".1.part", "x" + base + ".1", base + "1", "spans-1.other"} {
			assert.False(t, isRotated(name, base), name)
		}
	}
}
