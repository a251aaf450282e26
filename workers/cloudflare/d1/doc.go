// Package d1 is a drop-in replacement for cloudflare/d1 of syumai/workers, a database/sql driver for Cloudflare D1, that
// records a span for each statement. The spans follow the conventions for SQL databases,
// https://opentelemetry.io/docs/specs/semconv/database/sql/.
//
//	connector, err := d1.OpenConnector(ctx, "DB")
//	db := sql.OpenDB(connector)
//	rows, err := db.QueryContext(ctx, "SELECT name FROM items WHERE id = ?", 7) // a CLIENT span, "SELECT items"
//
// The span is a child of the span in the context that you pass to QueryContext or ExecContext, or else of the span in the
// connector's context. The attribute db.query.text has ? in place of each literal. Parameters are not recorded. Databases
// opened with sql.Open("d1", …) are not traced. The documentation of package workers has the rules that all wrapper packages
// share.
package d1
