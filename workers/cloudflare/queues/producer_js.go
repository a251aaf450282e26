package queues

import (
	"context"
	"syscall/js"

	"github.com/syumai/workers/cloudflare/queues"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/binding"
)

// What is the same here and there.
type (
	BatchSendOption    = queues.BatchSendOption
	Message            = queues.Message
	MessageBatch       = queues.MessageBatch
	MessageSendRequest = queues.MessageSendRequest
	RetryOption        = queues.RetryOption
	SendOption         = queues.SendOption
)

// What is the same here and there.
var (
	NewBytesMessageSendRequest = queues.NewBytesMessageSendRequest
	NewJSONMessageSendRequest  = queues.NewJSONMessageSendRequest
	NewTextMessageSendRequest  = queues.NewTextMessageSendRequest
	NewV8MessageSendRequest    = queues.NewV8MessageSendRequest
	WithBatchDelaySeconds      = queues.WithBatchDelaySeconds
	WithDelaySeconds           = queues.WithDelaySeconds
	WithRetryDelay             = queues.WithRetryDelay
)

// Producer sends to a queue with spans.
type Producer struct {
	*queues.Producer
	ctx  context.Context
	name string
}

// NewProducer is the original's. Sends are children of the span that ctx carries.
func NewProducer(ctx context.Context, queueName string) (*Producer, error) {
	p, err := queues.NewProducer(queueName)
	if err != nil {
		return nil, err
	}
	return &Producer{p, ctx, queueName}, nil
}

// WithContext returns the producer for sends below another span.
func (p *Producer) WithContext(ctx context.Context) *Producer {
	return &Producer{p.Producer, ctx, p.name}
}

// SendText is the original's.
func (p *Producer) SendText(body string, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendText(body, opts...) }, trace.Int("messaging.message.body.size", len(body)))
}

// SendBytes is the original's.
func (p *Producer) SendBytes(body []byte, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendBytes(body, opts...) }, trace.Int("messaging.message.body.size", len(body)))
}

// SendJSON is the original's.
func (p *Producer) SendJSON(body any, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendJSON(body, opts...) })
}

// SendV8 is the original's.
func (p *Producer) SendV8(body js.Value, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendV8(body, opts...) })
}

// SendBatch is the original's: one span for all.
func (p *Producer) SendBatch(messages []*MessageSendRequest, opts ...BatchSendOption) error {
	return p.send(func() error { return p.Producer.SendBatch(messages, opts...) }, trace.Int("messaging.batch.message_count", len(messages)))
}

func (p *Producer) send(do func() error, attrs ...trace.Attribute) error {
	span := binding.Start(p.ctx, "send", "Queue", p.name,
		trace.String("messaging.system", system),
		trace.String("messaging.operation.name", "send"),
		trace.String("messaging.operation.type", "send"),
		trace.String("messaging.destination.name", p.name),
	)
	defer span.End()
	span.SetKind(trace.SpanKindProducer)
	span.SetAttributes(attrs...)
	err := do()
	binding.Fail(span, err)
	return err
}

// system is messaging.system, for which the conventions have no name.
const system = "cloudflare.queues"
