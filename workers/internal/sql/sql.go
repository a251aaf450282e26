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
	beforeName = []string{"FROM", "INTO", "UPDATE", "JOIN", "TABLE"}
	otherUse   = []string{"DO", "DISTINCT", "VACUUM"} // what makes one of these no such word: a IS DISTINCT FROM b
	between    = []string{"IF", "NOT", "EXISTS", "OR", "ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK"}
)

// Describe reads a query. Whatever it is, no literal of it is in the result: what is in double quotes counts as one too, but for
// a table's name, since SQLite takes it for a string where there is no such column.
func Describe(query string) Query {
	var q Query
	var text, summary strings.Builder
	tables := map[string]bool{}
	previous, expectName := "", false
	for l := (lexer{rest: query}); l.next(); {
		upper := strings.ToUpper(l.token)
		switch {
		case l.kind == literal || l.kind == quoted && !expectName:
			l.token, expectName = "?", false
		case l.kind == name && expectName && contains(between, upper):
		case l.kind == name && contains(operations, upper) && previous != "OR" && previous != "DO":
			if q.Operation == "" {
				q.Operation = upper
			}
			add(&summary, upper)
			expectName = upper == "UPDATE"
		case l.kind == name && contains(beforeName, upper):
			expectName = !contains(otherUse, previous)
		case (l.kind == name || l.kind == quoted) && expectName && upper != "SET":
			add(&summary, l.token)
			tables[l.token] = true
			expectName = false
		default:
			expectName = false
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
