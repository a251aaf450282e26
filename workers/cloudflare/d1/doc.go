// Package d1 is syumai/workers' cloudflare/d1, a driver for database/sql, with a span for each statement that is run, after the
// conventions for SQL databases, https://opentelemetry.io/docs/specs/semconv/database/sql/. Package workers tells what all twins
// have in common.
//
//	connector, err := d1.OpenConnector(ctx, "DB")
//	db := sql.OpenDB(connector)
//	rows, err := db.QueryContext(ctx, "SELECT name FROM items WHERE id = ?", 7) // "SELECT items"
//
// The span is a child of the one in the context that QueryContext or ExecContext gets; where that has none, of the connector's.
// db.query.text has ? in place of all literals; parameters are not recorded. sql.Open("d1", …) is the original, without spans.
package d1
