package fastlylogsreceiver

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/edgespan/edgespan/collector/fastlylogsreceiver/internal/metadata"
)

// fastlyReceiver is one server, in a pipeline of traces, of logs, or of both. The Collector starts and stops it once for each.
type fastlyReceiver struct {
	config     *Config
	telemetry  component.TelemetrySettings
	metrics    *metadata.TelemetryBuilder
	obsreport  *receiverhelper.ObsReport
	sampled    *zap.Logger
	nextTraces consumer.Traces // nil: not in such a pipeline
	nextLogs   consumer.Logs

	start, stop sync.Once
	stopped     func() // tells the factory
	server      *http.Server
	serving     sync.WaitGroup
}

func newReceiver(set receiver.Settings, config *Config, stopped func()) (*fastlyReceiver, error) {
	obsreport, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID:             set.ID,
		Transport:              "http",
		ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	metrics, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	// A service that writes nothing but bad lines must not drown the Collector's log: the counter has them all.
	sampled := set.Logger.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return zapcore.NewSamplerWithOptions(core, 10*time.Second, 5, 0)
	}))
	return &fastlyReceiver{
		config: config, telemetry: set.TelemetrySettings, metrics: metrics, obsreport: obsreport, sampled: sampled, stopped: stopped,
	}, nil
}

// Start listens.
func (r *fastlyReceiver) Start(ctx context.Context, host component.Host) error {
	var err error
	r.start.Do(func() { err = r.listen(ctx, host) })
	return err
}

func (r *fastlyReceiver) listen(ctx context.Context, host component.Host) error {
	mux := http.NewServeMux()
	mux.Handle("GET "+challengePath, challenge(r.config.ServiceIDs))
	for _, method := range []string{"POST", "PUT"} { // Fastly sends by either, as the endpoint's request method says
		mux.Handle(method+" "+r.config.Path, r.requireHeader(http.HandlerFunc(r.servePost)))
	}

	server, err := r.config.ToServer(ctx, host.GetExtensions(), r.telemetry, mux, confighttp.WithErrorHandler(r.refuseUnread))
	if err != nil {
		return err
	}
	listener, err := r.config.ToListener(ctx)
	if err != nil {
		return err
	}
	r.server = server
	r.telemetry.Logger.Info("listening for Fastly's log endpoint", zap.Stringer("address", listener.Addr()), zap.String("path", r.config.Path))
	r.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

// Shutdown lets the requests that are being served finish, as long as ctx lasts.
func (r *fastlyReceiver) Shutdown(ctx context.Context) error {
	var err error
	r.stop.Do(func() {
		r.stopped()
		if r.server != nil {
			err = r.server.Shutdown(ctx)
			r.serving.Wait()
		}
		r.metrics.Shutdown()
	})
	return err
}
