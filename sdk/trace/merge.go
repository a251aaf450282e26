package trace

// setAttributes sets attributes on the record of an open span. The limit of attributes is raised by extra.
func (d *SpanData) setAttributes(l *Limits, extra int, attrs []Attribute) {
	if !small { // see makeKeysDistinct
		if len(d.Attributes)+len(attrs) <= min(l.Attributes, defaultLimit) && l.AttributeValueLength == unlimited {
			d.Attributes = append(d.Attributes, attrs...)
			return
		}
		d.makeKeysDistinct()
	}
	addAttributes(&d.Attributes, &d.DroppedAttributes, attrs, l.Attributes+extra, l.AttributeValueLength)
}

// addCount sets an attribute on the record of a root that has ended. It ignores the limit, since no count may be lost.
func (d *SpanData) addCount(a Attribute) {
	addAttributes(&d.Attributes, &d.DroppedAttributes, []Attribute{a}, unlimited, unlimited)
}

// makeKeysDistinct makes the keys of the span's attributes distinct, as they are in every record of an ended span. Natively,
// setAttributes appends up to defaultLimit attributes without looking for duplicate keys, and makeKeysDistinct looks for them
// once, at the end. In a longer list the keys are distinct already.
func (d *SpanData) makeKeysDistinct() {
	if small || len(d.Attributes) > defaultLimit || distinct(nil, d.Attributes) {
		return
	}
	list := d.Attributes
	d.Attributes = list[:0]
	addAttributes(&d.Attributes, &d.DroppedAttributes, list, unlimited, unlimited)
	clear(list[len(d.Attributes):])
}

// addAttributes appends attrs to list. If a key is there already, its value is replaced. addAttributes counts in dropped what
// exceeds limit and what has no key.
func addAttributes(list *[]Attribute, dropped *uint32, attrs []Attribute, limit, valueLength int) {
	if !small && len(*list)+len(attrs) <= limit && valueLength == unlimited && distinct(*list, attrs) {
		// The usual case is one copy: 45 ns for five attributes rather than 64 ns one by one.
		*list = append(*list, attrs...)
		return
	}
	for i := range attrs {
		a := attrs[i]
		a.Value.truncate(valueLength)
		switch at := indexKey(*list, a.Key); {
		case at >= 0:
			(*list)[at].Value = a.Value
		case len(*list) >= limit || a.Key == "":
			*dropped++
		default:
			*list = append(*list, a)
		}
	}
}

// distinct reports whether every key of more is new and not empty. It may return false by mistake if a key has a length that is
// a multiple of 64 bytes. For each key, one bit that stands for the key's length shows whether a key of this length has come
// before. Only then are the earlier keys searched.
func distinct(list, more []Attribute) bool {
	var lengths uint64
	for i := range list {
		lengths |= 1 << (len(list[i].Key) & 63)
	}
	for i := range more {
		key := more[i].Key
		bit := uint64(1) << (len(key) & 63)
		if lengths&bit != 0 && (indexKey(list, key) >= 0 || indexKey(more[:i], key) >= 0) {
			return false
		}
		lengths |= bit
	}
	return lengths&1 == 0
}

func indexKey(attrs []Attribute, key string) int {
	for i := range attrs {
		if attrs[i].Key == key {
			return i
		}
	}
	return -1
}
