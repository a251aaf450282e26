package sql

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDescribe(t *testing.T) {
	for _, test := range []struct{ query, text, summary string }{
		{"", "", ""},
		{"SELECT * FROM items WHERE id = ?", "SELECT * FROM items WHERE id = ?", "SELECT items"},
		{"select name from items where id=?1 and token='hunter2' limit 10", "select name from items where id=?1 and token=? limit ?", "SELECT items"},
		{"INSERT INTO items (id, name) VALUES (1, 'it''s'), (x'00ff', -1.5e-3)", "INSERT INTO items (id, name) VALUES (?, ?), (?, -?)", "INSERT items"},
		{"INSERT OR REPLACE INTO items VALUES (:a, @b, $c)", "INSERT OR REPLACE INTO items VALUES (:a, @b, $c)", "INSERT items"},
		{"INSERT INTO a SELECT * FROM b", "INSERT INTO a SELECT * FROM b", "INSERT a SELECT b"},
		{"INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET n = n + 1", "INSERT INTO a VALUES (?) ON CONFLICT DO UPDATE SET n = n + ?", "INSERT a"},
		{"UPDATE items SET n = 3", "UPDATE items SET n = ?", "UPDATE items"},
		{"UPDATE OR IGNORE items SET n = 3", "UPDATE OR IGNORE items SET n = ?", "UPDATE items"},
		{"DELETE FROM \"my items\" WHERE a = \"b\"", "DELETE FROM \"my items\" WHERE a = ?", "DELETE \"my items\""},
		{"SELECT a.x FROM a JOIN b ON a.id = b.id", "SELECT a.x FROM a JOIN b ON a.id = b.id", "SELECT a b"},
		{"SELECT * FROM (SELECT * FROM a)", "SELECT * FROM (SELECT * FROM a)", "SELECT SELECT a"},
		{"CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY)", "CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY)", "CREATE items"},
		{"DROP TABLE IF EXISTS items", "DROP TABLE IF EXISTS items", "DROP items"},
		{"-- secret\nSELECT /* 'x */ 1", "SELECT ?", "SELECT"},
		{"SELECT 'not closed", "SELECT ?", "SELECT"},
		{"PRAGMA table_list", "PRAGMA table_list", "PRAGMA"},
		{"SELECT '1'/*", "SELECT ?", "SELECT"},
		{`SELECT a FROM t WHERE b IS NOT DISTINCT FROM "hunter2"`, "SELECT a FROM t WHERE b IS NOT DISTINCT FROM ?", "SELECT t"},
		{`SELECT b is distinct from "hunter2" FROM t`, "SELECT b is distinct from ? FROM t", "SELECT t"},
		{"SELECT replace(name, 'a', 'b') FROM items ORDER BY 1, 2", "SELECT replace(name, ?, ?) FROM items ORDER BY ?, ?", "SELECT items"},
		{"REPLACE INTO items VALUES (1, 2)", "REPLACE INTO items VALUES (?, ?)", "REPLACE items"},
		{"SELECT x, y FROM a AS b, c d, e WHERE x IN (f, g)", "SELECT x, y FROM a AS b, c d, e WHERE x IN (f, g)", "SELECT a c e"},
		{"UPDATE a SET x = 1, y = z", "UPDATE a SET x = ?, y = z", "UPDATE a"},
		{"SELECT x IS DISTINCT FROM y, z FROM a", "SELECT x IS DISTINCT FROM y, z FROM a", "SELECT a"},
		{"SELECT * FROM main.items JOIN main . \"x\"", "SELECT * FROM main.items JOIN main.\"x\"", "SELECT main.items main.\"x\""},
		{"INSERT INTO main.items VALUES (1)", "INSERT INTO main.items VALUES (?)", "INSERT main.items"},
		{"SELECT * FROM main.'hunter2', .5", "SELECT * FROM main.?, ?", "SELECT main"},
		{"CREATE TABLE a (b REFERENCES c ON DELETE CASCADE ON UPDATE CASCADE, d UNIQUE ON CONFLICT REPLACE)",
			"CREATE TABLE a (b REFERENCES c ON DELETE CASCADE ON UPDATE CASCADE, d UNIQUE ON CONFLICT REPLACE)", "CREATE a"},
		{"CREATE TRIGGER x AFTER UPDATE ON t BEGIN INSERT INTO u VALUES (1); END", "CREATE TRIGGER x AFTER UPDATE ON t BEGIN INSERT INTO u VALUES (?); END", "CREATE INSERT u"},
		{`VACUUM INTO "hunter2"`, "VACUUM INTO ?", ""},
	} {
		assert.Equal(t, Query{test.text, test.summary}, Describe(test.query), test.query)
	}
	long := Describe("SELECT " + strings.Repeat("é", 5000) + " FROM " + strings.Repeat("x", 500))
	assert.LessOrEqual(t, len(long.Text), maxText)
	assert.LessOrEqual(t, len(long.Summary), maxSummary)
}

// No literal is in the result, wherever in the query it is.
func FuzzDescribe(f *testing.F) {
	f.Add("SELECT * FROM items WHERE a = ", " AND b = 1")
	f.Add("INSERT INTO x VALUES(x", ")--")
	f.Add("\"'`[", "]`'\"")
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "hunter2hunter2"
		if strings.Contains(before+after, "hunter") {
			return
		}
		// The text after before is a literal only if before leaves no quote or comment open.
		l := lexer{rest: before + " "}
		for l.next() {
			if l.kind == literal || l.kind == quoted {
				if last := l.token[len(l.token)-1]; len(l.token) == 1 || last == ' ' || l.rest == "" {
					return
				}
			}
		}
		if strings.Contains(before, "--") || strings.Contains(before, "/*") {
			return
		}
		q := Describe(before + " '" + secret + "' " + after)
		require.NotContains(t, q.Text, secret)
		require.NotContains(t, q.Summary, secret)
		require.LessOrEqual(t, len(q.Text), maxText)
	})
}
