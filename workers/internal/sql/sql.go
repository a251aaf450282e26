// Package sql describes an SQLite query without its literals, for the attributes db.query.text and db.query.summary,
// https://opentelemetry.io/docs/specs/semconv/database/sql/.
package sql

import "strings"

// Query describes a query.
type Query struct {
	Text    string // the query with ? in place of literals and without comments, at most 2,048 bytes
	Summary string // its operations and tables: "SELECT items", "INSERT orders SELECT carts"
}

// maxText and maxSummary are the maximum lengths of the recorded text and summary, in bytes.
const (
	maxText    = 2048
	maxSummary = 255
)

var (
	operations = []string{"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "PRAGMA", "EXPLAIN"}
	beforeName = []string{"FROM", "INTO", "JOIN", "TABLE"}
	between    = []string{"IF", "NOT", "EXISTS", "OR", "ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK"}
	afterNames = []string{"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW", "SET", "RETURNING", "UNION", "EXCEPT", "INTERSECT"}

	// The word after one of these is not an operation or a name: ON DELETE CASCADE, ON CONFLICT DO UPDATE, AFTER INSERT ON t, a
	// IS DISTINCT FROM b.
	noOperation = []string{"OR", "DO", "ON", "CONFLICT", "AFTER", "BEFORE", "OF"}
	noName      = []string{"DISTINCT", "VACUUM"}
)

// Describe describes a query. The result contains none of the query's literals, even if the query is malformed. Text in double
// quotes counts as a literal unless it is a table's name, since SQLite treats it as a string if there is no such column.
func Describe(query string) Query {
	var text, summary strings.Builder
	previous, expectName := "", false
	list := false // inside the list of tables after FROM, where a comma is followed by another table
	for l := (lexer{rest: query}); l.next(); {
		upper := strings.ToUpper(l.token)
		switch {
		case l.kind == literal || l.kind == quoted && !expectName:
			l.token, expectName = "?", false
		case l.kind == name && expectName && contains(between, upper):
		case l.kind == name && contains(operations, upper) && !contains(noOperation, previous) && (upper != "REPLACE" || !l.called()):
			add(&summary, upper)
			expectName, list = upper == "UPDATE", false
		case l.kind == name && contains(beforeName, upper):
			expectName = !contains(noName, previous)
			list = expectName && upper == "FROM"
		case (l.kind == name || l.kind == quoted) && expectName && upper != "SET":
			l.qualified()
			add(&summary, l.token)
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
	return Query{cut(text.String(), maxText), cut(summary.String(), maxSummary)}
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
