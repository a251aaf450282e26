package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/remoteconfig"
)

// storeFile returns the items of a file that [local_server.config_stores.x] may name, or nil if the text is not such a file or holds no document.
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

// documentOf returns the document in a text, and its name for messages: the text itself, or the item of a store's file that a service reads.
func documentOf(name, text string) (string, string) {
	if document, ok := storeFile(text)[remoteconfig.DefaultKey]; ok {
		return fmt.Sprintf("%s, key %q", name, remoteconfig.DefaultKey), document
	}
	return name, text
}

// checkDocument is remoteconfig.Check, with a hint if the text is the file of a config store.
func checkDocument(text string) error {
	err := remoteconfig.Check(text)
	if items := storeFile(text); err != nil && items != nil {
		return fmt.Errorf("%w. If this is the file of a config store, its documents are the values of its keys (%s): check each by itself",
			err, strings.Join(slices.Sorted(maps.Keys(items)), ", "))
	}
	return err
}

// routeHints returns a hint for each route whose method is not in capitals, has no space after it, or stands alone. A service cannot know
// that these are mistakes, since any text may be a route; but no path begins like this.
func routeHints(text string) (hints []string) {
	var document struct {
		Routes map[string]any
		Keep   struct{ Rules []struct{ Route string } }
	}
	_ = json.Unmarshal([]byte(text), &document) // checkDocument reports what is wrong
	const alone = "a method alone does not stand for all its requests; name a route too"
	for _, key := range slices.Sorted(maps.Keys(document.Routes)) {
		if isMethod(key) {
			hints = append(hints, fmt.Sprintf("routes[%q]: %s", key, alone))
		}
		if meant := meantRoute(key); meant != "" {
			hints = append(hints, fmt.Sprintf("routes[%q]: did you mean %q? No path looks like this", key, meant))
		}
	}
	for i, rule := range document.Keep.Rules {
		if isMethod(rule.Route) {
			hints = append(hints, fmt.Sprintf("keep.rules[%d].route: %s", i, alone))
		}
		if meant := meantRoute(rule.Route); meant != "" {
			hints = append(hints, fmt.Sprintf("keep.rules[%d].route: did you mean %q? No path looks like %q", i, meant, rule.Route))
		}
	}
	return hints
}

func isMethod(text string) bool { return slices.Contains(httpconv.KnownMethods[:], text) }

// meantRoute returns a route with its method as it should be written, or "" if it is written so already or has no method.
func meantRoute(route string) string {
	slash := max(strings.Index(route, "/"), 0)
	method := strings.ToUpper(strings.TrimSpace(route[:slash]))
	meant := method + " " + route[slash:]
	if meant == route || !isMethod(method) {
		return ""
	}
	return meant
}
