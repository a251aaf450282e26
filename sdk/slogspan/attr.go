package slogspan

import (
	"log/slog"

	"github.com/edgespan/edgespan/internal/fault"
)

// within calls add within the groups that h has and its encoded attributes have not opened yet, and reports whether that has
// added anything. Groups without attributes leave no trace.
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

// attr writes an attribute, unless log/slog says that there is nothing to write.
func (e *encoder) attr(a slog.Attr) {
	if a.Value.Kind() == slog.KindLogValuer {
		a.Value = a.Value.Resolve()
	}
	if e.ReplaceAttr != nil && a.Value.Kind() != slog.KindGroup {
		a = e.replace(a)
	}
	e.replaced(a)
}

// replaced writes an attribute that is as Config.ReplaceAttr wants it.
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

// group writes the attributes of a group, inline where it has no name. Without any, it is not there.
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

// replace asks Config.ReplaceAttr. Where it panics, the attribute says so in place of its value, which may be what it was
// there to hide.
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

// key writes what stands before the value of an attribute. In JSON what is said of the span and the service stands beside the
// attributes, and no attribute may pass for it: of two keys alike most readers take the last.
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

// endValue writes what stands after the value of an attribute.
func (e *encoder) endValue() {
	if e.Format == OTLP {
		e.raw(`}},`)
	} else {
		e.raw(`,`)
	}
}
