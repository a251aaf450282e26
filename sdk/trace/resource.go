package trace

// Version is the version of the SDK, as telemetry.sdk.version has it.
const Version = "0.1.0"

// Resource describes what makes the spans: the service and where it runs. It must not be changed once a batch names it,
// since encoders keep its encoded form.
type Resource struct {
	Attributes []Attribute
}

// NewResource joins lists of attributes. Of two with one key, the later counts.
func NewResource(lists ...[]Attribute) *Resource {
	r := new(Resource)
	for _, attrs := range lists {
		r.add(attrs)
	}
	return r
}

//go:noinline
func (r *Resource) add(attrs []Attribute) {
	var dropped uint32
	addAttributes(&r.Attributes, &dropped, attrs, unlimited, unlimited)
}

//go:noinline
func (r *Resource) set(key, value string) { r.add([]Attribute{String(key, value)}) }

// Attribute returns the value of key, and whether there is one.
func (r *Resource) Attribute(key string) (Value, bool) {
	if r != nil {
		if i := indexKey(r.Attributes, key); i >= 0 {
			return r.Attributes[i].Value, true
		}
	}
	return Value{}, false
}
