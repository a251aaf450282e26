package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/remoteconfig"
)

// storeFile reads a text as the file that [local_server.config_stores.x] names: its items, or nil where it is none, or has no document.
func storeFile(text string) map[string]string {
	var items map[string]string
	if json.Unmarshal([]byte(text), &items) != nil {
		return nil
	}
	for _, value := range items {
		if strings.HasPrefix(strings.TrimSpace(value), "{") {
			return items
		}
	}
	return nil
}

// documentOf returns the document of a text, and what to call it: the text itself, or the item of a store's file that a service reads.
func documentOf(name, text string) (string, string) {
	if document, ok := storeFile(text)[remoteconfig.DefaultKey]; ok {
		return fmt.Sprintf("%s, key %q", name, remoteconfig.DefaultKey), document
	}
	return name, text
}

// checkDocument is remoteconfig.Check, with a word to whoever has taken the wrong file.
func checkDocument(text string) error {
	err := remoteconfig.Check(text)
	if items := storeFile(text); err != nil && items != nil {
		return fmt.Errorf("%w. If this is the file of a config store: documents are the values of its keys (%s), and each is checked by itself",
			err, strings.Join(slices.Sorted(maps.Keys(items)), ", "))
	}
	return err
}

// routeHints tells of routes with a method that is not in capitals, or without its space. Some are no mistake that a service could
// know: any text may be a route, but no path begins so.
func routeHints(text string) (hints []string) {
	var document struct {
		Routes map[string]any
		Keep   struct{ Rules []struct{ Route string } }
	}
	_ = json.Unmarshal([]byte(text), &document) // what is wrong is told by checkDocument
	for _, key := range slices.Sorted(maps.Keys(document.Routes)) {
		if meant := meantRoute(key); meant != "" {
			hints = append(hints, fmt.Sprintf("routes[%q]: did you mean %q? No path is like that", key, meant))
		}
	}
	for i, rule := range document.Keep.Rules {
		if meant := meantRoute(rule.Route); meant != "" {
			hints = append(hints, fmt.Sprintf("keep.rules[%d].route: did you mean %q? No path is like %q", i, meant, rule.Route))
		}
	}
	return hints
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "QUERY"}

// meantRoute is a route with its method as it should be; empty where it is so, or has none.
func meantRoute(route string) string {
	slash := max(strings.Index(route, "/"), 0)
	method := strings.ToUpper(strings.TrimSpace(route[:slash]))
	meant := method + " " + route[slash:]
	if meant == route || !slices.Contains(methods, method) {
		return ""
	}
	return meant
}
