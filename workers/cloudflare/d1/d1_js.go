package d1

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/syumai/workers/cloudflare/d1"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/binding"
	"github.com/edgespan/edgespan/workers/internal/sql"
)

// Driver is syumai/workers' driver for database/sql. Its connections record no spans; use [OpenConnector] for those that do.
type Driver = d1.Driver

// ErrDatabaseNotFound is the error for a name that is not bound to a D1 database.
var ErrDatabaseNotFound = d1.ErrDatabaseNotFound

// OpenConnector returns a connector, for OpenDB of database/sql, to the D1 database that is bound to name. The span of a statement is a
// child of the span in the statement's context, or of the span in ctx if the statement's context has none.
func OpenConnector(ctx context.Context, name string) (driver.Connector, error) {
	c, err := d1.OpenConnector(name)
	if err != nil {
		return nil, err
	}
	return &connector{c, ctx, name}, nil
}

type connector struct {
	driver.Connector
	ctx  context.Context
	name string
}

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	under, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{under, c}, nil
}

type conn struct {
	driver.Conn
	from *connector
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext records no span, since it sends nothing to the database.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	under, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &stmt{under, c.from, query}, nil
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts)
}

type stmt struct {
	driver.Stmt
	from  *connector
	query string
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	span := s.start(ctx)
	defer span.End()
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	if err == nil && span != nil {
		recordChanges(span, result)
	}
	fail(span, err)
	return result, err
}

// recordChanges records how many rows a statement has changed. RowsAffected panics if the binding is not D1 itself and has no meta.
func recordChanges(span *trace.Span, result driver.Result) {
	defer func() { _ = recover() }()
	if n, err := result.RowsAffected(); err == nil {
		span.SetAttributes(trace.Int64("cloudflare.d1.response.changes", n))
	}
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	span := s.start(ctx)
	defer span.End()
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	fail(span, err)
	return rows, err
}

// start starts the span of a statement. Its name is the query's summary, or else the name of the binding.
func (s *stmt) start(ctx context.Context) *trace.Span {
	if trace.SpanFromContext(ctx) == nil {
		ctx = s.from.ctx
	}
	span := call.Start(ctx, "", "")
	if span == nil {
		return nil
	}
	q := sql.Describe(s.query)
	name := q.Summary
	if name == "" {
		name = s.from.name
	}
	span.SetName(name)
	var a httpconv.Attributes
	a.String("db.system.name", "cloudflare-d1")
	a.String("db.namespace", s.from.name)
	a.String("db.query.summary", q.Summary)
	a.String("db.query.text", q.Text)
	a.String("cloudflare.binding.type", "D1")
	a.String("cloudflare.binding.name", s.from.name)
	span.SetAttributes(a.List()...)
	return span
}

func fail(span *trace.Span, err error) {
	if name := binding.Fail(span, err); strings.HasPrefix(name, "D1_") { // otherwise it is not the database's
		span.SetAttributes(trace.String("db.response.status_code", name))
	}
}
