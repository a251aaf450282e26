package slogspan

import "sync/atomic"

// Stats counts what a [Handler] has done since it was made.
type Stats struct {
	Lines             uint64 // written
	Bytes             uint64 // in them, without newlines
	Records           uint64 // in them
	DroppedRecords    uint64 // lost: the write failed, or nothing could make the record fit into a line
	DroppedAttributes uint64 // that records lost to fit into a line
	ShortenedValues   uint64 // strings of which records lost a part to fit into a line
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
