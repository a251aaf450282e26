package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
)

// object is a JSON object of the API.
type object map[string]any

// version is one version of a service, with everything that belongs to it.
type version struct {
	number  int
	active  bool
	locked  bool
	pkg     bool
	objects map[string][]object // by collection: "domain", "backend", "logging/https", …
}

func newVersion(number int) *version {
	return &version{number: number, objects: map[string][]object{}}
}

func (v *version) clone(number int) *version {
	c := newVersion(number)
	c.pkg = v.pkg
	for name, list := range v.objects {
		c.objects[name] = append([]object(nil), list...)
	}
	return c
}

func (v *version) json(serviceID string) object {
	return object{"service_id": serviceID, "number": v.number, "active": v.active, "locked": v.locked}
}

type service struct {
	id, name, kind string
	versions       []*version // versions[i] has the number i+1
}

func (s *service) activeVersion() *version {
	for _, v := range s.versions {
		if v.active {
			return v
		}
	}
	return nil
}

// api is the whole account. mu guards the fields below it.
type api struct {
	mux *http.ServeMux

	mu       sync.Mutex
	services map[string]*service
	stores   []*store
}

func newAPI() *api {
	a := &api{mux: http.NewServeMux(), services: map[string]*service{}}
	a.mux.HandleFunc("POST /service", a.createService)
	a.mux.HandleFunc("DELETE /service/{service}", a.deleteService)
	a.mux.HandleFunc("GET /service/{service}/details", a.describeService)
	a.mux.HandleFunc("GET /service/{service}/version", a.listVersions)

	const v = "/service/{service}/version/{version}"
	a.mux.HandleFunc("GET "+v, a.inVersion(getVersion))
	a.mux.HandleFunc("PUT "+v+"/clone", a.inVersion(cloneVersion))
	a.mux.HandleFunc("PUT "+v+"/activate", a.inVersion(activateVersion))
	a.mux.HandleFunc("GET "+v+"/package", a.inVersion(getPackage))
	a.mux.HandleFunc("PUT "+v+"/package", a.inVersion(putPackage))
	a.mux.HandleFunc("GET "+v+"/{collection}", a.inVersion(list))
	a.mux.HandleFunc("POST "+v+"/{collection}", a.inVersion(create))
	a.mux.HandleFunc("GET "+v+"/logging/{provider}", a.inVersion(list))
	a.mux.HandleFunc("POST "+v+"/logging/{provider}", a.inVersion(create))
	a.serveStores()
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(unknownHeader, "1")
		fail(w, http.StatusNotFound, "fakefastly has no such path")
	})
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.mux.ServeHTTP(w, r)
}

func (a *api) createService(w http.ResponseWriter, r *http.Request) {
	name, kind := r.FormValue("name"), r.FormValue("type")
	if name == "" {
		fail(w, http.StatusBadRequest, "a service needs a name")
		return
	}
	for _, s := range a.services {
		if s.name == name {
			fail(w, http.StatusConflict, "the name is taken")
			return
		}
	}
	s := &service{
		id:       fmt.Sprintf("FAKESERVICE%011d", len(a.services)+1), // as long as a real id
		name:     name,
		kind:     kind,
		versions: []*version{newVersion(1)},
	}
	a.services[s.id] = s
	answer(w, object{"id": s.id, "name": s.name, "type": s.kind})
}

func (a *api) deleteService(w http.ResponseWriter, r *http.Request) {
	delete(a.services, r.PathValue("service"))
	answer(w, object{"status": "ok"})
}

func (a *api) describeService(w http.ResponseWriter, r *http.Request) {
	s := a.services[r.PathValue("service")]
	if s == nil {
		fail(w, http.StatusNotFound, "no such service")
		return
	}
	body := object{
		"id": s.id, "name": s.name, "type": s.kind,
		"version": s.versions[len(s.versions)-1].json(s.id),
	}
	if v := s.activeVersion(); v != nil {
		body["active_version"] = v.json(s.id)
	}
	answer(w, body)
}

func (a *api) listVersions(w http.ResponseWriter, r *http.Request) {
	s := a.services[r.PathValue("service")]
	if s == nil {
		fail(w, http.StatusNotFound, "no such service")
		return
	}
	body := []object{}
	for _, v := range s.versions {
		body = append(body, v.json(s.id))
	}
	answer(w, body)
}

// inVersion looks up the service and the version in the request's path.
func (a *api) inVersion(next func(http.ResponseWriter, *http.Request, *service, *version)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s := a.services[r.PathValue("service")]
		n, err := strconv.Atoi(r.PathValue("version"))
		if s == nil || err != nil || n < 1 || n > len(s.versions) {
			fail(w, http.StatusNotFound, "no such version")
			return
		}
		next(w, r, s, s.versions[n-1])
	}
}

func getVersion(w http.ResponseWriter, _ *http.Request, s *service, v *version) {
	answer(w, v.json(s.id))
}

func cloneVersion(w http.ResponseWriter, _ *http.Request, s *service, v *version) {
	c := v.clone(len(s.versions) + 1)
	s.versions = append(s.versions, c)
	answer(w, c.json(s.id))
}

func activateVersion(w http.ResponseWriter, _ *http.Request, s *service, v *version) {
	switch {
	case !v.pkg:
		fail(w, http.StatusUnprocessableEntity, "the version has no package")
		return
	case len(v.objects["backend"]) == 0:
		fail(w, http.StatusUnprocessableEntity, "the version has no backend")
		return
	}
	if old := s.activeVersion(); old != nil {
		old.active = false
	}
	v.active, v.locked = true, true
	answer(w, v.json(s.id))
}

func getPackage(w http.ResponseWriter, _ *http.Request, s *service, v *version) {
	if !v.pkg {
		fail(w, http.StatusNotFound, "the version has no package")
		return
	}
	answer(w, object{"service_id": s.id, "version": v.number})
}

func putPackage(w http.ResponseWriter, r *http.Request, s *service, v *version) {
	if v.locked {
		fail(w, http.StatusUnprocessableEntity, "the version is locked")
		return
	}
	if _, _, err := r.FormFile("package"); err != nil {
		fail(w, http.StatusBadRequest, "no package: "+err.Error())
		return
	}
	v.pkg = true
	answer(w, object{"service_id": s.id, "version": v.number})
}

func collection(r *http.Request) string {
	if p := r.PathValue("provider"); p != "" {
		return "logging/" + p
	}
	return r.PathValue("collection")
}

func list(w http.ResponseWriter, r *http.Request, _ *service, v *version) {
	body := v.objects[collection(r)]
	if body == nil {
		body = []object{}
	}
	answer(w, body)
}

func create(w http.ResponseWriter, r *http.Request, s *service, v *version) {
	if v.locked {
		fail(w, http.StatusUnprocessableEntity, "the version is locked")
		return
	}
	name := r.FormValue("name")
	if name == "" {
		fail(w, http.StatusBadRequest, "no name")
		return
	}
	in := collection(r)
	for _, o := range v.objects[in] {
		if o["name"] == name {
			fail(w, http.StatusConflict, "the name is taken")
			return
		}
	}
	made := object{"service_id": s.id, "version": v.number}
	for key := range r.Form {
		made[key] = r.Form.Get(key)
	}
	v.objects[in] = append(v.objects[in], made)
	answer(w, made)
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body) // an error means that the client has gone
}

func fail(w http.ResponseWriter, status int, msg string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(object{"msg": msg})
}
