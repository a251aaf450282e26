package slogspan

import "sync/atomic"

// Stats counts what a [Handler] has done since it was made.
type Stats struct {
	Lines             uint64 // lines written
	Bytes             uint64 // bytes in these lines, without newlines
	Records           uint64 // records in these lines
	DroppedRecords    uint64 // lost: the write failed, or the record did not fit into a line even when shortened
	DroppedAttributes uint64 // attributes that records lost to fit into a line
	ShortenedValues   uint64 // strings that were cut so that a record fits into a line
}

type counters struct{ lines, bytes, records, droppedRecords, droppedAttributes, shortened atomic.Uint64 }

func (c *counters) read() Stats {
	return Stats{
		Lines:             c.lines.Load(),
		Bytes:             c.bytes.Load(),
		Records:           c.records.Load(),
		DroppedRecords:    c.droppedRecords.Load(),
		DroppedAttributes: c.droppedAttributes.Load(),
		ShortenedValues:   c.shortened.Load(),
	}
}
