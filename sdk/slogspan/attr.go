package slogspan

import (
	"log/slog"

	"github.com/edgespan/edgespan/internal/fault"
)

// within calls add inside those groups of h that its encoded attributes have not opened yet. It reports whether add has written
// anything. Groups without attributes are not written.
func (e *encoder) within(h *Handler, add func()) bool {
	before, open := len(e.buf), e.open
	for _, name := range h.groups[h.opened:] {
		e.openGroup(name)
	}
	inside := len(e.buf)
	e.groups = append(e.groups[:0], h.groups...)
	add()
	e.groups = e.groups[:0]
	if len(e.buf) == inside {
		e.buf, e.open = e.buf[:before], open
		return false
	}
	return true
}

// attr writes an attribute, except where log/slog says that nothing is to be written.
func (e *encoder) attr(a slog.Attr) {
	if a.Value.Kind() == slog.KindLogValuer {
		a.Value = a.Value.Resolve()
	}
	if e.ReplaceAttr != nil && a.Value.Kind() != slog.KindGroup {
		a = e.replace(a)
	}
	e.replaced(a)
}

// replaced writes an attribute that Config.ReplaceAttr has already seen.
func (e *encoder) replaced(a slog.Attr) {
	if isEmpty(a) {
		return
	}
	if a.Value.Kind() == slog.KindAny {
		if src, ok := a.Value.Any().(*slog.Source); ok && src != nil {
			a.Value = sourceGroup(src)
		}
	}
	if a.Value.Kind() == slog.KindGroup {
		e.group(a.Key, a.Value.Group())
		return
	}
	e.key(a.Key)
	e.value(a.Value)
	e.endValue()
}

// isEmpty reports whether a is the zero Attr.
func isEmpty(a slog.Attr) bool {
	return a.Key == "" && a.Value.Kind() == slog.KindAny && a.Value.Any() == nil
}

// group writes the attributes of a group. If name is empty, they are written without a group. A group without attributes is not
// written.
func (e *encoder) group(name string, attrs []slog.Attr) {
	if len(attrs) == 0 {
		return
	}
	if note := e.refusal(); note != "" && e.depth > 0 {
		e.key(name)
		e.string(note)
		e.endValue()
		return
	}
	e.depth++
	defer func() { e.depth-- }()
	if name == "" {
		for _, a := range attrs {
			e.attr(a)
		}
		return
	}
	before, open := len(e.buf), e.open
	e.openGroup(name)
	inside := len(e.buf)
	e.groups = append(e.groups, name)
	for _, a := range attrs {
		e.attr(a)
	}
	e.groups = e.groups[:len(e.groups)-1]
	if len(e.buf) == inside {
		e.buf, e.open = e.buf[:before], open
		return
	}
	e.closeGroup()
}

// replace calls Config.ReplaceAttr. If that panics, the attribute gets a note instead of its value, because ReplaceAttr may
// have been meant to hide the value.
func (e *encoder) replace(a slog.Attr) (replaced slog.Attr) {
	defer func() {
		if v := recover(); v != nil {
			e.report(panicked("Config.ReplaceAttr", v))
			replaced = slog.String(a.Key, "!PANIC: "+fault.Message(v))
		}
	}()
	replaced = e.ReplaceAttr(e.groups, a)
	replaced.Value = replaced.Value.Resolve()
	return replaced
}

func (e *encoder) openGroup(name string) {
	e.key(name)
	e.open++
	if e.Format == OTLP {
		e.raw(`"kvlistValue":{"values":[`)
	} else {
		e.raw(`{`)
	}
}

func (e *encoder) closeGroup() {
	e.open--
	if e.Format == OTLP {
		e.end(`]}}},`)
	} else {
		e.end(`},`)
	}
}

// key writes what comes before the value of an attribute. In JSON, the fields of the span and the service are next to the
// attributes, so an attribute with such a key is renamed: most readers take the last of two equal keys, and would take the
// attribute for the field.
func (e *encoder) key(key string) {
	switch {
	case e.Format == OTLP:
		e.text(`{"key":"`, key, `","value":{`)
	case e.open == 0 && isHead(key):
		e.text(`"attr.`, key, `":`)
	default:
		e.text(`"`, key, `":`)
	}
}

// endValue writes what comes after the value of an attribute.
func (e *encoder) endValue() {
	if e.Format == OTLP {
		e.raw(`}},`)
	} else {
		e.raw(`,`)
	}
}
