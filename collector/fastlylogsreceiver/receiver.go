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

// fastlyReceiver is one server. It is in a pipeline of traces, of logs, or in both; the Collector then starts and stops it
// twice.
type fastlyReceiver struct {
	config     *Config
	telemetry  component.TelemetrySettings
	metrics    *metadata.TelemetryBuilder
	obsreport  *receiverhelper.ObsReport
	sampled    *zap.Logger
	nextTraces consumer.Traces // nil if it is in no pipeline of traces
	nextLogs   consumer.Logs

	start, stop sync.Once
	stopped     func() // tells the factory that it has stopped
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
	// Logs are sampled, so that a service that writes only bad lines does not flood the Collector's log. The counters are
	// exact.
	sampled := set.Logger.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return zapcore.NewSamplerWithOptions(core, 10*time.Second, 5, 0)
	}))
	return &fastlyReceiver{
		config: config, telemetry: set.TelemetrySettings, metrics: metrics, obsreport: obsreport, sampled: sampled, stopped: stopped,
	}, nil
}

// Start starts to listen.
func (r *fastlyReceiver) Start(ctx context.Context, host component.Host) error {
	var err error
	r.start.Do(func() { err = r.listen(ctx, host) })
	return err
}

func (r *fastlyReceiver) listen(ctx context.Context, host component.Host) error {
	mux := http.NewServeMux()
	mux.Handle("GET "+challengePath, challenge(r.config.ServiceIDs))
	for _, method := range []string{"POST", "PUT"} { // the log endpoint's request method decides which one Fastly uses
		mux.Handle(method+" "+r.config.Path, r.requireHeader(http.HandlerFunc(r.servePost)))
	}

	server, err := r.config.ServerConfig.ToServer(ctx, host.GetExtensions(), r.telemetry, mux, confighttp.WithErrorHandler(r.refuseUnread))
	if err != nil {
		return err
	}
	listener, err := r.config.ServerConfig.ToListener(ctx)
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

// Shutdown waits for the requests that are being served until ctx is done.
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
