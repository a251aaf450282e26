package trace

// Version is the version of the SDK, as in the resource attribute telemetry.sdk.version.
const Version = "0.1.0"

// baseResource holds the attributes that every resource has, unless the exporter or Config sets others.
var baseResource = [...]Attribute{
	String("service.name", unknownService),
	String("telemetry.sdk.language", "go"),
	String("telemetry.sdk.name", "edgespan"),
	String("telemetry.sdk.version", Version),
}

// Resource describes what makes the spans: the service, and where it runs. A resource must not be changed once a batch refers
// to it, because encoders keep its encoded form.
type Resource struct {
	Attributes []Attribute
}

// NewResource returns a resource with the attributes of all lists. If a key appears more than once, the last value is used.
func NewResource(lists ...[]Attribute) *Resource {
	r := new(Resource)
	for _, attrs := range lists {
		var dropped uint32
		addAttributes(&r.Attributes, &dropped, attrs, unlimited, unlimited)
	}
	return r
}

// Attribute returns the value of key, and whether the resource has that key.
func (r *Resource) Attribute(key string) (Value, bool) {
	if r != nil {
		if i := indexKey(r.Attributes, key); i >= 0 {
			return r.Attributes[i].Value, true
		}
	}
	return Value{}, false
}
