package host

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// kvStore is one KV store. It starts with the manifest's items. Changes by guests last until the host ends.
type kvStore struct {
	mu       sync.Mutex
	items    map[string]kvItem
	version  uint64
	inserted int // since the last sweep
}

type kvItem struct {
	data       []byte
	metadata   string
	generation uint64
	expires    time.Time // zero for never
}

// kvCode is the ABI's kv_error.
type kvCode uint32

const (
	kvOK           kvCode = 1
	kvBadRequest   kvCode = 2
	kvNotFound     kvCode = 3
	kvPrecondition kvCode = 4
)

// kvMode says what an insertion does with an existing item.
type kvMode uint32

const (
	kvOverwrite kvMode = iota
	kvAdd
	kvAppend
	kvPrepend
)

func newKVStore(entries map[string]manifest.KVEntry) *kvStore {
	// Generations start at the current time, so they differ between runs, and nobody can rely on one.
	s := &kvStore{items: map[string]kvItem{}, version: uint64(time.Now().UnixNano())}
	for key, e := range entries {
		s.version++
		s.items[key] = kvItem{data: e.Data, metadata: e.Metadata, generation: s.version}
	}
	return s
}

// get returns the item, unless it has expired. The lock is held.
func (s *kvStore) get(key string) (kvItem, bool) {
	item, ok := s.items[key]
	if ok && !item.expires.IsZero() && !time.Now().Before(item.expires) {
		delete(s.items, key)
		return kvItem{}, false
	}
	return item, ok
}

func (s *kvStore) lookup(key string) (kvItem, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.get(key)
}

// kvInsertion is what to insert, and on which condition.
type kvInsertion struct {
	data       []byte
	mode       kvMode
	metadata   string
	ttl        time.Duration // zero for no expiry
	generation *uint64       // the generation that the item must have; nil for any
}

func (s *kvStore) insert(key string, in kvInsertion) kvCode {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, exists := s.get(key)
	if exists && (in.mode == kvAdd || in.generation != nil && *in.generation != old.generation) {
		return kvPrecondition
	}
	switch in.mode {
	case kvAppend:
		in.data = slices.Concat(old.data, in.data)
	case kvPrepend:
		in.data = slices.Concat(in.data, old.data)
	}
	s.version++
	item := kvItem{data: in.data, metadata: in.metadata, generation: s.version}
	if in.ttl > 0 {
		item.expires = time.Now().Add(in.ttl)
	}
	s.items[key] = item
	if s.inserted++; 2*s.inserted > len(s.items) {
		s.sweep()
	}
	return kvOK
}

// sweep removes items that have expired, since nobody may ask for them again. The lock is held.
func (s *kvStore) sweep() {
	s.inserted = 0
	for key := range s.items {
		s.get(key)
	}
}

func (s *kvStore) remove(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.get(key)
	delete(s.items, key)
	return ok
}

const kvListLimit = 1000

// list returns the JSON page of keys after the cursor.
func (s *kvStore) list(cursor, prefix *string, limit uint32) ([]byte, kvCode) {
	after := ""
	if cursor != nil {
		raw, err := base64.StdEncoding.DecodeString(*cursor)
		if err != nil {
			return nil, kvBadRequest
		}
		after = string(raw)
	}
	type meta struct {
		Limit      uint32  `json:"limit"`
		Prefix     *string `json:"prefix,omitempty"`
		NextCursor string  `json:"next_cursor,omitempty"`
	}
	page := struct {
		Data []string `json:"data"`
		Meta meta     `json:"meta"`
	}{Data: []string{}, Meta: meta{Limit: limit, Prefix: prefix}}

	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(s.items)) {
		if cursor != nil && key <= after || prefix != nil && !strings.HasPrefix(key, *prefix) {
			continue
		}
		if _, ok := s.get(key); !ok {
			continue
		}
		if uint32(len(page.Data)) == limit {
			if n := len(page.Data); n > 0 {
				page.Meta.NextCursor = base64.StdEncoding.EncodeToString([]byte(page.Data[n-1]))
			}
			break
		}
		page.Data = append(page.Data, key)
	}
	text, err := json.Marshal(page)
	if err != nil {
		return nil, kvBadRequest
	}
	return text, kvOK
}
