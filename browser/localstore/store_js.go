package localstore

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"syscall/js"
	"time"
)

const (
	beat  = 10 * time.Second
	lease = 90 * time.Second // browsers let a timer in the background run once a minute
	alive = "alive"
)

var errStorage = errors.New("localstore: the browser has no localStorage for this page")

// Store is a batch.Store in localStorage.
type Store struct {
	prefix string // of the name
	id     string
	next   int
	keys   []string // of the lines, oldest first
	gone   bool     // the page has been left
}

// Open returns a [Store]. It is used by one goroutine at a time.
func Open(name string) *Store {
	return &Store{prefix: "edgespan.batch." + name + ".", id: strconv.FormatUint(rand.Uint64(), 36)}
}

// Load returns what pages that are gone have left.
func (s *Store) Load() (lines [][]byte, err error) {
	defer thrown(&err)
	storage, err := local()
	if err != nil {
		return nil, err
	}
	s.live(storage)
	left, living := map[string][]string{}, map[string]bool{}
	for i := range storage.Get("length").Int() {
		key := storage.Call("key", i).String()
		rest, ours := strings.CutPrefix(key, s.prefix)
		id, number, ok := strings.Cut(rest, ".")
		switch {
		case !ours || !ok || id == s.id:
		case number == alive:
			at, _ := strconv.ParseInt(storage.Call("getItem", key).String(), 10, 64)
			age := time.Since(time.UnixMilli(at))
			living[id] = age >= 0 && age < lease
		default:
			left[id] = append(left[id], key)
		}
	}
	var keys []string
	for id, some := range left {
		if !living[id] {
			keys = append(keys, some...)
			defer storage.Call("removeItem", s.prefix+id+"."+alive)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(number(a), number(b)) })
	for _, key := range keys {
		line := storage.Call("getItem", key)
		if line.Type() != js.TypeString {
			continue // another page was quicker
		}
		if err := s.put(storage, line.String()); err != nil {
			return lines, err // it is left for the next
		}
		storage.Call("removeItem", key) // after a crash before this it is sent twice
		lines = append(lines, []byte(line.String()))
	}
	return lines, nil
}

// Append keeps a line behind the others.
func (s *Store) Append(line []byte) error {
	storage, err := local()
	if err != nil {
		return err
	}
	return s.put(storage, string(line))
}

// Clear forgets the first n lines.
func (s *Store) Clear(n int) (err error) {
	defer thrown(&err)
	storage, err := local()
	if err != nil {
		return err
	}
	n = min(max(n, 0), len(s.keys))
	for _, key := range s.keys[:n] {
		storage.Call("removeItem", key)
	}
	s.keys = slices.Delete(s.keys, 0, n)
	return nil
}

// put sets a line's key. They sort by time.
func (s *Store) put(storage js.Value, line string) (err error) {
	defer thrown(&err)
	s.next++
	key := s.prefix + s.id + "." + strconv.FormatInt(time.Now().UnixMilli(), 10) + "-" + strconv.Itoa(1_000_000_000+s.next)
	storage.Call("setItem", key, line)
	s.keys = append(s.keys, key)
	return nil
}

// live says from now on that the page is there, until it says that it is not.
func (s *Store) live(storage js.Value) {
	global, key := js.Global(), s.prefix+s.id+"."+alive
	call := func(method string, args ...any) {
		var err error
		defer thrown(&err) // if the storage is full, another page may take the lines over, and both send them
		storage.Call(method, args...)
	}
	say := func() { call("setItem", key, strconv.FormatInt(time.Now().UnixMilli(), 10)) }
	listen := func(event string, f func()) {
		if global.Get("addEventListener").Type() == js.TypeFunction {
			global.Call("addEventListener", event, js.FuncOf(func(js.Value, []js.Value) any { f(); return nil }))
		}
	}
	say()
	global.Call("setInterval", js.FuncOf(func(js.Value, []js.Value) any {
		if !s.gone {
			say()
		}
		return nil
	}), beat.Milliseconds())
	listen("pagehide", func() { s.gone = true; call("removeItem", key) })
	listen("pageshow", func() { s.gone = false; say() })
}

func number(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// local returns the storage. The browser may throw at its mere name. A call makes a panic of that, and [js.Value.Get] would end the program.
func local() (storage js.Value, err error) {
	defer thrown(&err)
	if storage = js.Global().Get("Reflect").Call("get", js.Global(), "localStorage"); !storage.Truthy() {
		return storage, errStorage
	}
	return storage, nil
}

// thrown makes an error of what JavaScript has thrown.
func thrown(err *error) {
	switch v := recover().(type) {
	case nil:
	case js.Error:
		*err = errors.New("localstore: " + v.Error())
	default:
		panic(v)
	}
}
