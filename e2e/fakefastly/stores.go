package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// store is a config, KV or secret store of the account. Versions of services link to the stores that they use.
type store struct {
	kind, id, name string
	items          map[string]string
}

func (s *store) json() object { return object{"id": s.id, "name": s.name} }

const storePath = "/resources/stores/{kind}"

func (a *api) serveStores() {
	a.mux.HandleFunc("GET "+storePath, a.listStores)
	a.mux.HandleFunc("POST "+storePath, a.createStore)
	a.mux.HandleFunc("PUT "+storePath+"/{id}/item/{key}", a.inStore("config", putItem))
	a.mux.HandleFunc("PUT "+storePath+"/{id}/keys/{key}", a.inStore("kv", putKey))
}

// listStores lists stores in the format of their kind: a list, or one page of a list.
func (a *api) listStores(w http.ResponseWriter, r *http.Request) {
	list := []object{}
	for _, s := range a.stores {
		if s.kind == r.PathValue("kind") {
			list = append(list, s.json())
		}
	}
	if r.PathValue("kind") == "config" {
		answer(w, list)
		return
	}
	answer(w, object{"data": list, "meta": object{"limit": 100}})
}

// createStore creates a store. The request for a config store is a form; for the others it is JSON.
func (a *api) createStore(w http.ResponseWriter, r *http.Request) {
	s := &store{kind: r.PathValue("kind"), name: r.FormValue("name"), items: map[string]string{}}
	if s.kind != "config" {
		var body struct{ Name string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		s.name = body.Name
	}
	if s.name == "" {
		fail(w, http.StatusBadRequest, "no name")
		return
	}
	for _, other := range a.stores {
		if other.kind == s.kind && other.name == s.name {
			fail(w, http.StatusConflict, "the name is taken")
			return
		}
	}
	s.id = fmt.Sprintf("FAKESTORE%013d", len(a.stores)+1)
	a.stores = append(a.stores, s)
	answer(w, s.json())
}

func (a *api) inStore(kind string, next func(http.ResponseWriter, *http.Request, *store)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, s := range a.stores {
			if s.id == r.PathValue("id") && s.kind == kind && r.PathValue("kind") == kind {
				next(w, r, s)
				return
			}
		}
		fail(w, http.StatusNotFound, "no such store")
	}
}

func putItem(w http.ResponseWriter, r *http.Request, s *store) {
	key, value := r.PathValue("key"), r.FormValue("item_value")
	s.items[key] = value
	answer(w, object{"store_id": s.id, "item_key": key, "item_value": value})
}

func putKey(w http.ResponseWriter, r *http.Request, s *store) {
	value, err := io.ReadAll(r.Body)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	s.items[r.PathValue("key")] = string(value)
}
