package queues

import (
	"context"
	"syscall/js"

	"github.com/syumai/workers/cloudflare/queues"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/binding"
)

// Aliases of the types in cloudflare/queues of syumai/workers.
type (
	BatchSendOption    = queues.BatchSendOption
	Message            = queues.Message
	MessageBatch       = queues.MessageBatch
	MessageSendRequest = queues.MessageSendRequest
	RetryOption        = queues.RetryOption
	SendOption         = queues.SendOption
)

// The functions of cloudflare/queues in syumai/workers that make messages and options.
var (
	NewBytesMessageSendRequest = queues.NewBytesMessageSendRequest
	NewJSONMessageSendRequest  = queues.NewJSONMessageSendRequest
	NewTextMessageSendRequest  = queues.NewTextMessageSendRequest
	NewV8MessageSendRequest    = queues.NewV8MessageSendRequest
	WithBatchDelaySeconds      = queues.WithBatchDelaySeconds
	WithDelaySeconds           = queues.WithDelaySeconds
	WithRetryDelay             = queues.WithRetryDelay
)

// Producer is syumai/workers' [queues.Producer] with a span for each send.
type Producer struct {
	*queues.Producer
	ctx  context.Context
	name string
}

// NewProducer returns a producer for the queue that is bound to queueName. The spans of its sends are children of the span in
// ctx. It returns an error if there is no such binding.
func NewProducer(ctx context.Context, queueName string) (*Producer, error) {
	p, err := queues.NewProducer(queueName)
	if err != nil {
		return nil, err
	}
	return &Producer{p, ctx, queueName}, nil
}

// WithContext returns a copy of the producer whose spans are children of the span in ctx.
func (p *Producer) WithContext(ctx context.Context) *Producer {
	return &Producer{p.Producer, ctx, p.name}
}

// SendText sends a text message in a CLIENT span.
func (p *Producer) SendText(body string, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendText(body, opts...) }, trace.Int("messaging.message.body.size", len(body)))
}

// SendBytes sends a message of bytes in a CLIENT span.
func (p *Producer) SendBytes(body []byte, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendBytes(body, opts...) }, trace.Int("messaging.message.body.size", len(body)))
}

// SendJSON sends body as JSON in a CLIENT span.
func (p *Producer) SendJSON(body any, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendJSON(body, opts...) })
}

// SendV8 sends a JavaScript value in a CLIENT span.
func (p *Producer) SendV8(body js.Value, opts ...SendOption) error {
	return p.send(func() error { return p.Producer.SendV8(body, opts...) })
}

// SendBatch sends several messages in one CLIENT span.
func (p *Producer) SendBatch(messages []*MessageSendRequest, opts ...BatchSendOption) error {
	return p.send(func() error { return p.Producer.SendBatch(messages, opts...) }, trace.Int("messaging.batch.message_count", len(messages)))
}

// send does not make its span a PRODUCER: the conventions mean by that one whose context is in the message.
func (p *Producer) send(do func() error, attrs ...trace.Attribute) error {
	span := binding.Start(p.ctx, "send", "Queue", p.name,
		trace.String("messaging.system", system),
		trace.String("messaging.operation.name", "send"),
		trace.String("messaging.operation.type", "send"),
		trace.String("messaging.destination.name", p.name),
	)
	defer span.End()
	span.SetAttributes(attrs...)
	err := do()
	binding.Fail(span, err)
	return err
}

// system is the value of messaging.system. The conventions define none for Cloudflare Queues.
const system = "cloudflare.queues"
