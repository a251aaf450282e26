package remoteconfig

import (
	"errors"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// Reload reads the document now. It returns an error if reading fails or the document is not valid, and also reports it to
// OnError. Use it in programs that need the settings before their first request, or that know better than [Config.Refresh] when
// the document changes.
func (r *Remote) Reload() error {
	if r == nil {
		return nil
	}
	r.reading.Lock()
	return r.read()
}

// current returns the settings that apply. If the document is due to be read again, it reads it first. Only one caller at a
// time waits for that.
func (r *Remote) current() *settings {
	if now := int64(time.Since(r.begun)); now >= r.due.Load() {
		if r.reading.TryLock() {
			if now >= r.due.Load() { // no other goroutine has read it in the meantime
				_ = r.read()
			} else {
				r.reading.Unlock()
			}
		}
	}
	return r.latest.Load()
}

// never is a time that is later than any sandbox lives.
const never = 1<<63 - 1

// read reads the document. The caller has locked reading, and read unlocks it.
func (r *Remote) read() (err error) {
	defer func() { // unlock before reporting: OnError may call Reload
		due := int64(never)
		if now := time.Since(r.begun); r.config.Refresh > 0 && r.config.Refresh < never-now {
			due = int64(now + r.config.Refresh)
		}
		r.due.Store(due)
		r.reading.Unlock()
		if err == nil {
			r.reported.Fine()
			return
		}
		r.stats.failures.Add(1)
		r.report(err)
	}()
	r.stats.reads.Add(1)
	text, err := r.ask()
	if err != nil {
		return errors.New("remoteconfig: " + quote(r.config.Key) + ": " + fault.Message(err) + "; the previous settings stay")
	}
	s, p := &settings{}, (*problem)(nil)
	if text != "" {
		s, p = parse(text)
	}
	if p != nil {
		s = &settings{}
		err = errors.New("remoteconfig: " + quote(r.config.Key) + ": " + p.text() + "; the compiled-in settings apply")
	}
	r.latest.Store(s)
	r.stats.inForce.Store(text != "" && p == nil)
	return err
}

// ask calls Source.
func (r *Remote) ask() (text string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errors.New("panic in Config.Source: " + fault.Message(v))
		}
	}()
	if r.config.Source == nil {
		return "", errors.New("there is no Config.Source")
	}
	return r.config.Source(r.config.Key)
}
