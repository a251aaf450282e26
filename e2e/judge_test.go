package e2e

import (
	"fmt"
	"io"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// judge checks every line of the whole run, writes what is wrong to w, and returns the number of faults.
func judge(w io.Writer) (faults int) {
	j := verdict{seen: map[trace.SpanID]string{}}
	for _, s := range services {
		s.log.mu.Lock()
		j.service(s)
		s.log.mu.Unlock()
	}
	for i, fault := range j.faults {
		if i == 20 {
			fmt.Fprintf(w, "e2e: … and %d more\n", len(j.faults)-i)
			break
		}
		fmt.Fprintf(w, "e2e: %.2000s\n", fault)
	}
	fmt.Fprintf(w, "e2e: on %s, %d lines with %d spans, the longest line %d bytes, went through the Collector's decoder\n",
		host.name, j.lines, j.spans, j.longest)
	return len(j.faults)
}

type verdict struct {
	lines, spans, longest int
	seen                  map[trace.SpanID]string
	faults                []string
}

func (j *verdict) fault(format string, args ...any) {
	j.faults = append(j.faults, fmt.Sprintf(format, args...))
}

func (j *verdict) service(s *service) {
	for _, fault := range s.log.faults {
		j.fault("%s: %s", s.name, fault)
	}
	for _, text := range s.log.all {
		j.lines++
		j.longest = max(j.longest, len(text))
		if err := j.line(text); err != nil {
			j.fault("%s: %v: %s", s.name, err, text)
		}
	}
	for id, n := range s.log.wanted {
		if got := len(s.log.found[id]); got != n {
			j.fault("%s: trace %s has %d spans in the end, not %d:\n%s", s.name, id, got, n, spanList(s.log.found[id]))
		}
	}
}

// line checks that a line meets the rules of the format and of the log endpoint.
func (j *verdict) line(text string) error {
	if len(text) > logendpoint.DefaultLineLimit {
		return fmt.Errorf("%d bytes are more than a line may have", len(text))
	}
	ours, err := otlp.Decode([]byte(text))
	if err != nil {
		return fmt.Errorf("our decoder: %w", err)
	}
	theirs, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(text))
	if err != nil {
		return fmt.Errorf("the Collector's decoder: %w", err)
	}
	if err := sameTraces(ours, theirs); err != nil {
		return fmt.Errorf("the Collector reads something else: %w", err)
	}
	if err := roundTrip(ours); err != nil {
		return err
	}
	for _, b := range ours {
		if v, _ := b.Resource.Attribute("service.name"); v.Str() == "" {
			return fmt.Errorf("no service.name")
		}
		for _, d := range b.Spans {
			j.spans++
			if before, ok := j.seen[d.SpanContext.SpanID]; ok {
				return fmt.Errorf("span id %s came before, as %q", d.SpanContext.SpanID, before)
			}
			j.seen[d.SpanContext.SpanID] = d.Name
			if d.Start <= 0 || d.End < d.Start {
				return fmt.Errorf("%q lasts from %d to %d", d.Name, d.Start, d.End)
			}
			for _, e := range d.Events {
				if e.Time < d.Start {
					return fmt.Errorf("event %q of %q is before its start", e.Name, d.Name)
				}
			}
		}
	}
	return nil
}

// roundTrip encodes the decoded batches and decodes them again.
func roundTrip(batches []trace.Batch) error {
	for i := range batches {
		again, err := otlp.Decode(new(otlp.Encoder).Append(nil, &batches[i]))
		if err != nil {
			return fmt.Errorf("what we read and wrote again: %w", err)
		}
		if len(again) != 1 || !equal(again[0], batches[i]) {
			return fmt.Errorf("reading, writing and reading gives something else: %+v", again)
		}
	}
	return nil
}

// sameTraces compares the results of the two decoders field by field.
func sameTraces(ours []trace.Batch, theirs ptrace.Traces) error {
	if len(ours) != theirs.ResourceSpans().Len() {
		return fmt.Errorf("%d resources and not %d", theirs.ResourceSpans().Len(), len(ours))
	}
	for i, b := range ours {
		rs := theirs.ResourceSpans().At(i)
		if err := sameAttributes(b.Resource.Attributes, rs.Resource().Attributes()); err != nil {
			return fmt.Errorf("resource: %w", err)
		}
		n := 0
		for _, ss := range rs.ScopeSpans().All() {
			for _, p := range ss.Spans().All() {
				if n == len(b.Spans) {
					return fmt.Errorf("more than %d spans", n)
				}
				if err := sameSpan(&b.Spans[n], p, ss.Scope()); err != nil {
					return fmt.Errorf("span %d: %w", n, err)
				}
				n++
			}
		}
		if n != len(b.Spans) {
			return fmt.Errorf("%d spans and not %d", n, len(b.Spans))
		}
	}
	return nil
}

func sameSpan(d *trace.SpanData, p ptrace.Span, scope pcommon.InstrumentationScope) error {
	flags := uint32(d.SpanContext.TraceFlags) | 0x100
	if d.ParentRemote {
		flags |= 0x200
	}
	want := trace.DefaultScope()
	if d.Scope != nil {
		want = *d.Scope
	}
	for _, field := range []struct {
		name         string
		ours, theirs any
	}{
		{"trace id", d.SpanContext.TraceID, trace.TraceID(p.TraceID())},
		{"span id", d.SpanContext.SpanID, trace.SpanID(p.SpanID())},
		{"parent", d.ParentSpanID, trace.SpanID(p.ParentSpanID())},
		{"trace state", d.SpanContext.TraceState.String(), p.TraceState().AsRaw()},
		{"flags", flags, p.Flags()},
		{"name", d.Name, p.Name()},
		{"kind", int(d.Kind), int(p.Kind())},
		{"start", d.Start, int64(p.StartTimestamp())},
		{"end", d.End, int64(p.EndTimestamp())},
		{"status", int(d.Status.Code), int(p.Status().Code())},
		{"description", d.Status.Description, p.Status().Message()},
		{"dropped attributes", d.DroppedAttributes, p.DroppedAttributesCount()},
		{"dropped events", d.DroppedEvents, p.DroppedEventsCount()},
		{"dropped links", d.DroppedLinks, p.DroppedLinksCount()},
		{"events", len(d.Events), p.Events().Len()},
		{"links", len(d.Links), p.Links().Len()},
		{"scope", want, trace.Scope{Name: scope.Name(), Version: scope.Version()}},
	} {
		if field.ours != field.theirs {
			return fmt.Errorf("%s is %v and not %v", field.name, field.theirs, field.ours)
		}
	}
	if err := sameAttributes(d.Attributes, p.Attributes()); err != nil {
		return err
	}
	for i, e := range d.Events {
		pe := p.Events().At(i)
		if e.Name != pe.Name() || e.Time != int64(pe.Timestamp()) || e.DroppedAttributes != pe.DroppedAttributesCount() {
			return fmt.Errorf("event %d is %q at %d", i, pe.Name(), pe.Timestamp())
		}
		if err := sameAttributes(e.Attributes, pe.Attributes()); err != nil {
			return fmt.Errorf("event %d: %w", i, err)
		}
	}
	for i, k := range d.Links {
		pl := p.Links().At(i)
		if k.SpanContext.SpanID != trace.SpanID(pl.SpanID()) || k.SpanContext.TraceID != trace.TraceID(pl.TraceID()) {
			return fmt.Errorf("link %d is to %s", i, pl.SpanID())
		}
		flags := uint32(k.SpanContext.TraceFlags) | 0x100
		if k.SpanContext.Remote {
			flags |= 0x200
		}
		if flags != pl.Flags() || k.SpanContext.TraceState.String() != pl.TraceState().AsRaw() || k.DroppedAttributes != pl.DroppedAttributesCount() {
			return fmt.Errorf("link %d has flags %x, trace state %q", i, pl.Flags(), pl.TraceState().AsRaw())
		}
		if err := sameAttributes(k.Attributes, pl.Attributes()); err != nil {
			return fmt.Errorf("link %d: %w", i, err)
		}
	}
	return nil
}

func sameAttributes(ours []trace.Attribute, theirs pcommon.Map) error {
	if len(ours) != theirs.Len() {
		return fmt.Errorf("%d attributes and not %d", theirs.Len(), len(ours))
	}
	for _, a := range ours {
		v, ok := theirs.Get(a.Key)
		if !ok {
			return fmt.Errorf("no attribute %q", a.Key)
		}
		if got, want := fmt.Sprint(v.AsRaw()), fmt.Sprint(goValue(a.Value)); got != want {
			return fmt.Errorf("attribute %q is %.200q and not %.200q", a.Key, got, want)
		}
	}
	return nil
}
