package d1_test

import (
	"database/sql"
	"io"
	"net/http"

	"github.com/edgespan/edgespan/workers/cloudflare/d1"
)

// The query is a span named "SELECT items", a child of the request's span.
func ExampleOpenConnector() {
	http.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		connector, err := d1.OpenConnector(r.Context(), "DB")
		if err != nil {
			http.Error(w, "no database", http.StatusInternalServerError)
			return
		}
		db := sql.OpenDB(connector)
		defer func() { _ = db.Close() }()
		var name string
		if err := db.QueryRowContext(r.Context(), "SELECT name FROM items WHERE id = ?", r.PathValue("id")).Scan(&name); err != nil {
			http.Error(w, "no such item", http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, name)
	})
}
