package trace

// setAttributes adds to the record of a span that has not ended, up to so many above the limit.
//
//go:noinline
func (d *SpanData) setAttributes(l *Limits, above int, attrs []Attribute) {
	if !small { // see makeKeysDistinct
		if len(d.Attributes)+len(attrs) <= min(l.Attributes, defaultLimit) && l.AttributeValueLength == unlimited {
			d.Attributes = append(d.Attributes, attrs...)
			return
		}
		d.makeKeysDistinct()
	}
	addAttributes(&d.Attributes, &d.DroppedAttributes, attrs, l.Attributes+above, l.AttributeValueLength)
}

// addCount adds what is known of a local trace to the record of its root, which has ended: above the limit, since no count may be lost.
func (d *SpanData) addCount(a Attribute) {
	addAttributes(&d.Attributes, &d.DroppedAttributes, []Attribute{a}, unlimited, unlimited)
}

// makeKeysDistinct makes the keys of the span's attributes distinct, as they are in every record that has ended. Natively setAttributes takes
// up to defaultLimit of them as they come, which are looked at here, once; in a longer list they are distinct already.
func (d *SpanData) makeKeysDistinct() {
	if small || len(d.Attributes) > defaultLimit || distinct(nil, d.Attributes) {
		return
	}
	list := d.Attributes
	d.Attributes = list[:0]
	addAttributes(&d.Attributes, &d.DroppedAttributes, list, unlimited, unlimited)
	clear(list[len(d.Attributes):])
}

// addAttributes appends attrs to list, the later of two with one key replacing the earlier, and counts what it drops.
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

// distinct reports whether none of the keys of more is empty, or comes earlier as well. It may say no for other keys of 64 bytes. A
// bit for each length tells of most keys that they are new; the others are searched for.
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

//go:noinline
func indexKey(attrs []Attribute, key string) int {
	for i := range attrs {
		if attrs[i].Key == key {
			return i
		}
	}
	return -1
}
