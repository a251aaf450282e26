package host

import "time"

// erlCalls implement rate counters and penalty boxes as Fastly documents them. Where Fastly estimates, this host is exact, and it
// counts only its own requests: https://www.fastly.com/documentation/guides/concepts/rate-limiting/
func erlCalls() map[string]hostCall {
	return map[string]hostCall{
		"check_rate": {11, func(c *call) status {
			counter, box := c.rateEntry(0, 2), rateEntry{c.rateName(7), c.rateName(2)}
			delta, window := c.within(4, 0, 1000), c.rateWindow(5)
			limit, ttl := c.within(6, 10, 10_000), c.penalty(9)
			now := time.Now()
			c.host.rates.count(counter, delta, now)
			if c.host.rates.within(counter, window, now) > uint64(limit)*uint64(window/time.Second) {
				c.host.rates.penalize(box, now.Add(ttl))
			}
			return c.putBool(10, c.host.rates.penalized(box, now))
		}},
		"ratecounter_increment": {5, func(c *call) status {
			c.host.rates.count(c.rateEntry(0, 2), c.within(4, 0, 1000), time.Now())
			return statusOK
		}},
		"ratecounter_lookup_rate": {6, func(c *call) status {
			entry, window := c.rateEntry(0, 2), c.rateWindow(4)
			c.putU32(5, uint32(c.host.rates.within(entry, window, time.Now())/uint64(window/time.Second)))
			return statusOK
		}},
		"ratecounter_lookup_count": {6, func(c *call) status {
			entry, d := c.rateEntry(0, 2), c.within(4, 10, 60)
			if d%10 != 0 {
				return statusInval
			}
			c.putU32(5, uint32(c.host.rates.inBuckets(entry, time.Duration(d)*time.Second, time.Now())))
			return statusOK
		}},
		"penaltybox_add": {5, func(c *call) status {
			c.host.rates.penalize(c.rateEntry(0, 2), time.Now().Add(c.penalty(4)))
			return statusOK
		}},
		"penaltybox_has": {5, func(c *call) status {
			return c.putBool(4, c.host.rates.penalized(c.rateEntry(0, 2), time.Now()))
		}},
	}
}

// rateEntry reads the name of a counter or a penalty box, and the name of an entry in it.
func (c *call) rateEntry(name, entry int) rateEntry {
	return rateEntry{c.rateName(name), c.rateName(entry)}
}

func (c *call) rateName(i int) string {
	name := c.str(i)
	if name == "" || len(name) > 64 {
		throw(statusInval)
	}
	return name
}

// rateWindow reads a window. Only a few lengths are allowed.
func (c *call) rateWindow(i int) time.Duration {
	seconds := c.u32(i)
	if seconds != 1 && seconds != 10 && seconds != 60 {
		throw(statusInval)
	}
	return time.Duration(seconds) * time.Second
}

// penalty reads the time in a penalty box: 1 to 60 whole minutes.
func (c *call) penalty(i int) time.Duration {
	return time.Duration(c.within(i, 60, 3600)/60) * time.Minute
}

// within reads a number from least to most.
func (c *call) within(i int, least, most uint32) uint32 {
	v := c.u32(i)
	if v < least || v > most {
		throw(statusInval)
	}
	return v
}
