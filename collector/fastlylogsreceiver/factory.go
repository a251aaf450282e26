package fastlylogsreceiver

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/edgespan/edgespan/collector/fastlylogsreceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver "fastlylogs", for traces and logs.
func NewFactory() receiver.Factory {
	f := &factory{receivers: map[*Config]*fastlyReceiver{}}
	return receiver.NewFactory(
		metadata.Type,
		createDefaultConfig,
		receiver.WithTraces(f.createTraces, metadata.TracesStability),
		receiver.WithLogs(f.createLogs, metadata.LogsStability),
	)
}

// factory returns one receiver for both signals. The Collector creates the receiver of each signal separately, but only one can
// listen on an address.
type factory struct {
	mu        sync.Mutex
	receivers map[*Config]*fastlyReceiver
}

func (f *factory) createTraces(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Traces) (receiver.Traces, error) {
	r, err := f.receiver(set, cfg.(*Config))
	if err != nil {
		return nil, err
	}
	r.nextTraces = next
	return r, nil
}

func (f *factory) createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	r, err := f.receiver(set, cfg.(*Config))
	if err != nil {
		return nil, err
	}
	r.nextLogs = next
	return r, nil
}

func (f *factory) receiver(set receiver.Settings, cfg *Config) (*fastlyReceiver, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := f.receivers[cfg]; r != nil {
		return r, nil
	}
	r, err := newReceiver(set, cfg, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.receivers, cfg)
	})
	if err != nil {
		return nil, err
	}
	f.receivers[cfg] = r
	return r, nil
}
