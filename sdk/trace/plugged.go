package trace

import "time"

// What Config plugs in is code from outside. A panic in it is reported, and costs the request nothing but what the code
// was asked for.

// contain is deferred around a call of such code.
func (tp *TracerProvider) contain(where string) {
	if v := recover(); v != nil {
		tp.ReportError(&panicError{where, v})
	}
}

func (tp *TracerProvider) newSpanID() SpanID {
	if tp.ids != nil {
		if id := tp.customSpanID(); id.IsValid() {
			return id
		}
	}
	return newSpanID()
}

func (tp *TracerProvider) customTrace(sc *SpanContext) {
	defer func() {
		if !sc.TraceID.IsValid() {
			newTrace(sc, tp.short)
		}
	}()
	defer tp.contain("IDGenerator.NewTraceID")
	sc.TraceID = tp.ids.NewTraceID()
}

func (tp *TracerProvider) customSpanID() (id SpanID) {
	defer tp.contain("IDGenerator.NewSpanID")
	return tp.ids.NewSpanID()
}

// readClock returns what Config.Clock says; the zero time where there is none, or it panics.
func (tp *TracerProvider) readClock() time.Time {
	if tp.clock.custom == nil {
		return time.Time{}
	}
	return tp.customTime()
}

func (tp *TracerProvider) customTime() (now time.Time) {
	defer tp.contain("Config.Clock")
	return tp.clock.custom()
}

// sample asks the sampler. Where it panics, it has said no.
func (tp *TracerProvider) sample(p SamplingParameters) (result SamplingResult) {
	defer tp.contain("Sampler.Sample")
	return tp.sampler.Sample(p)
}

func (tp *TracerProvider) detect(d ResourceDetector) (attrs []Attribute) {
	defer tp.contain("ResourceDetector.DetectResource")
	return d.DetectResource()
}
