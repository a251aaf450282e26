package fromenv_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/fromenv"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestConfig(t *testing.T) {
	exporter := tracetest.NewExporter()
	for value, wrong := range map[string]bool{"": false, "otlp": false, "OTLP": false, "zipkin": true, "otlp,console": true} {
		config, err := fromenv.Config(env(map[string]string{"OTEL_TRACES_EXPORTER": value, "OTEL_SERVICE_NAME": "shop"}), exporter)
		assert.Same(t, exporter, config.Exporter, value)
		assert.Equal(t, "shop", config.ServiceName)
		if wrong {
			assert.EqualError(t, err, "fromenv.Config: variables that are missing or not understood: OTEL_TRACES_EXPORTER", value)
		} else {
			assert.NoError(t, err, value)
		}
	}
	for name, value := range map[string]string{"OTEL_TRACES_EXPORTER": "None", "OTEL_SDK_DISABLED": "True"} {
		config, err := fromenv.Config(env(map[string]string{name: value}), exporter)
		require.NoError(t, err)
		assert.Nil(t, config.Exporter, name)

		_, span := trace.NewTracerProvider(config).Start(context.Background(), "a", trace.StartConfig{})
		assert.False(t, span.IsRecording(), name)
	}
	config, err := fromenv.Config(env(map[string]string{"OTEL_SDK_DISABLED": "1"}), exporter)
	require.Error(t, err)
	assert.Same(t, exporter, config.Exporter)
}

func TestBatch(t *testing.T) {
	config, err := fromenv.Batch(env(nil))
	require.NoError(t, err)
	assert.Equal(t, batch.Config{}, config)

	config, err = fromenv.Batch(env(map[string]string{"OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_BSP_EXPORT_TIMEOUT": "300",
		"OTEL_BSP_MAX_QUEUE_SIZE": "4096", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "512"}))
	require.NoError(t, err)
	assert.Equal(t, batch.Config{Age: 200 * time.Millisecond, Timeout: 300 * time.Millisecond, MaxSpans: 4096, Spans: 512}, config)

	config, err = fromenv.Batch(env(map[string]string{"OTEL_BSP_SCHEDULE_DELAY": "0", "OTEL_BSP_EXPORT_TIMEOUT": "soon", "OTEL_BSP_MAX_QUEUE_SIZE": "-1"}))
	require.EqualError(t, err, "fromenv.Batch: variables that are missing or not understood: OTEL_BSP_EXPORT_TIMEOUT, OTEL_BSP_SCHEDULE_DELAY, OTEL_BSP_MAX_QUEUE_SIZE")
	assert.Equal(t, batch.Config{}, config)
}

func ExampleConfig() {
	os.Setenv("OTEL_SERVICE_NAME", "shop")
	os.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod")
	config, err := fromenv.Config(os.Getenv, tracetest.NewExporter()) // a real program passes a batch.Processor
	if err != nil {
		fmt.Println(err) // variables that are not understood have their defaults; the rest of config is set
	}
	tp := trace.NewTracerProvider(config)
	name, _ := tp.Resource().Attribute("service.name")
	fmt.Println(name.Str())
	// Output: shop
}

func TestPropagator(t *testing.T) {
	standard := propagation.Composite{propagation.W3C{}, propagation.Baggage{}}
	for names, want := range map[string]propagation.Composite{
		"": standard, " , ": standard, "baggage,tracecontext": {propagation.Baggage{}, propagation.W3C{}},
		"B3, b3multi,b3": {propagation.B3{}, propagation.B3{Multi: true}}, "xray,jaeger": {propagation.XRay{}, propagation.Jaeger{}},
		"none": nil, "b3,none": nil,
	} {
		got, err := fromenv.Propagator(env(map[string]string{"OTEL_PROPAGATORS": names}))
		assert.NoError(t, err, names)
		assert.Equal(t, want, got, names)
	}
	for names, want := range map[string]propagation.Composite{"ottrace": standard, "ottrace,b3": {propagation.B3{}}} {
		got, err := fromenv.Propagator(env(map[string]string{"OTEL_PROPAGATORS": names}))
		assert.ErrorContains(t, err, "OTEL_PROPAGATORS", names)
		assert.Equal(t, want, got, names)
	}
}
