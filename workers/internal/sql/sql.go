// Package sql says what a query of SQLite's dialect is about without what is in it: for db.query.text and db.query.summary,
// https://opentelemetry.io/docs/specs/semconv/database/sql/.
package sql

import "strings"

// Query is what may be told of a query.
type Query struct {
	Text      string // with ? in place of literals, and without comments
	Summary   string // its operations and tables: "SELECT items", "INSERT orders SELECT carts"
	Operation string // the first
	Table     string // where it is about one alone
}

// maxText and maxSummary bound what is recorded, in bytes.
const (
	maxText    = 2048
	maxSummary = 255
)

var (
	operations = []string{"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "PRAGMA", "EXPLAIN"}
	beforeName = []string{"FROM", "INTO", "JOIN", "TABLE"}
	between    = []string{"IF", "NOT", "EXISTS", "OR", "ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK"}
	afterNames = []string{"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW", "SET", "RETURNING", "UNION", "EXCEPT", "INTERSECT"}

	// What stands before one of these that is no such word: ON DELETE CASCADE, ON CONFLICT DO UPDATE, AFTER INSERT ON t, a IS DISTINCT FROM b.
	noOperation = []string{"OR", "DO", "ON", "CONFLICT", "AFTER", "BEFORE", "OF"}
	noName      = []string{"DISTINCT", "VACUUM"}
)

// Describe reads a query. Whatever it is, no literal of it is in the result: what is in double quotes counts as one too, but for
// a table's name, since SQLite takes it for a string where there is no such column.
func Describe(query string) Query {
	var q Query
	var text, summary strings.Builder
	tables := map[string]bool{}
	previous, expectName := "", false
	list := false // of tables, after FROM: a comma goes on to the next one
	for l := (lexer{rest: query}); l.next(); {
		upper := strings.ToUpper(l.token)
		switch {
		case l.kind == literal || l.kind == quoted && !expectName:
			l.token, expectName = "?", false
		case l.kind == name && expectName && contains(between, upper):
		case l.kind == name && contains(operations, upper) && !contains(noOperation, previous) && (upper != "REPLACE" || !l.called()):
			if q.Operation == "" {
				q.Operation = upper
			}
			add(&summary, upper)
			expectName, list = upper == "UPDATE", false
		case l.kind == name && contains(beforeName, upper):
			expectName = !contains(noName, previous)
			list = expectName && upper == "FROM"
		case (l.kind == name || l.kind == quoted) && expectName && upper != "SET":
			l.qualified()
			add(&summary, l.token)
			tables[l.token] = true
			expectName = false
		case l.kind == name && contains(afterNames, upper):
			expectName, list = false, false
		default:
			expectName = list && l.token == ","
			list = list && (expectName || l.kind == name) // an alias
		}
		if l.spaced && text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(l.token)
		previous = upper
	}
	q.Text, q.Summary = cut(text.String(), maxText), cut(summary.String(), maxSummary)
	if len(tables) == 1 {
		for t := range tables {
			q.Table = t
		}
	}
	return q
}

func add(b *strings.Builder, word string) {
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(word)
}

func contains(list []string, word string) bool {
	for _, s := range list {
		if s == word {
			return true
		}
	}
	return false
}

func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "")
}
