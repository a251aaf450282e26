package pipeline

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const topic, group = "otlp_spans", "otelcol-edgespan" // as in kafka.yaml

func TestKafka(t *testing.T) {
	kafka := startBroker(t)
	t.Run("killed", func(t *testing.T) { testKilled(t, kafka) })
	t.Run("disk lost", func(t *testing.T) { testDiskLost(t, kafka) })
}

// Two Collectors share a topic. One is killed half way and restarted. At that time the backend refuses data, and the
// Collector's queue is full of records that the group has committed.
func testKilled(t *testing.T, kafka *broker) {
	const traces, partitions, broken = 100_000, 8, 3
	kafka.createTopic(t, topic, partitions)
	traffic := newTraffic()
	backend := newSink(t, traffic, traces)
	env := []string{"KAFKA_BROKERS=" + kafka.address}
	one := newCollector(t, "one", "kafka.yaml", backend, env...)
	two := newCollector(t, "two", "kafka.yaml", backend, env...)
	began := time.Now()
	one.start()
	two.start()

	// A record that cannot be decoded must not block its partition.
	kafka.write(t, topic, broken, func(int) []byte { return []byte(`{"resourceSpans":[{"resource":{`) })
	written := make(chan struct{})
	go func() {
		defer close(written)
		kafka.write(t, topic, traces, traffic.line)
		t.Logf("wrote %d records in %.1f s", traces, time.Since(began).Seconds())
	}()

	wait(t, backend, 3*time.Minute, "half of the traces", func() bool { return backend.now().received >= traces/2 })
	backend.refuse(true)
	wait(t, backend, time.Minute, "a queue on disk", func() bool { return one.queued() >= 100 })
	t.Logf("killing one Collector of two: %d records wait in its queue, %s", one.queued(), backend.now())
	one.kill()
	time.Sleep(2 * time.Second)
	one.start()
	backend.refuse(false)

	<-written
	wait(t, backend, 3*time.Minute, "all traces", func() bool { return backend.now().lost() == 0 })
	wait(t, backend, time.Minute, "nothing left to do", func() bool {
		return kafka.lag(t, group) == 0 && one.queued()+two.queued() == 0
	})
	report(t, "Kafka", backend, time.Since(began))
}

// A Collector loses its queue, as may happen in a power failure. Its content is read again from the topic after the group's
// offsets have been reset with Kafka's own command, as docs/capacity.md describes.
func testDiskLost(t *testing.T, kafka *broker) {
	const traces, topic, group = 5000, "otlp_spans_2", "otelcol-edgespan-2"
	kafka.createTopic(t, topic, 4)
	traffic := newTraffic()
	backend := newSink(t, traffic, traces)
	c := newCollector(t, "collector", "kafka.yaml", backend, "KAFKA_BROKERS="+kafka.address, "KAFKA_TOPIC="+topic)
	c.changes = append(c.changes, "receivers::kafka::group_id: "+group)
	began := time.Now()
	backend.refuse(true)
	c.start()
	kafka.write(t, topic, traces, traffic.line)
	wait(t, backend, time.Minute, "all to be in the queue, and committed", func() bool {
		return c.queued() == traces && kafka.lag(t, group) == 0
	})
	c.kill()
	require.NoError(t, os.RemoveAll(c.storage))

	// The command fails until the group has given up on the Collector, which takes the group's session_timeout.
	reset := []string{
		"--bootstrap-server", kafka.address, "--group", group, "--topic", topic,
		"--reset-offsets", "--by-duration", "PT10M", "--execute",
	}
	wait(t, backend, time.Minute, "the group to be empty", func() bool {
		out, err := java(t, append([]string{"org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"}, reset...)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return kafka.lag(t, group) == traces
	})
	backend.refuse(false)
	c.start()
	wait(t, backend, time.Minute, "all traces", func() bool { return backend.now().lost() == 0 })
	report(t, "Kafka, disk lost", backend, time.Since(began))
}

// wait returns when done returns true, and logs the progress.
func wait(t *testing.T, backend *sink, limit time.Duration, what string, done func() bool) {
	t.Helper()
	began := time.Now()
	for told := began; !done(); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > limit {
			require.FailNow(t, "waited too long", "for %s: %s", what, backend.now())
		}
		if time.Since(told) > 10*time.Second {
			told = time.Now()
			t.Logf("waiting for %s: %s", what, backend.now())
		}
	}
}

// report prints the results, and fails the test if a trace is lost.
func report(t *testing.T, what string, backend *sink, took time.Duration) {
	t.Helper()
	figures := backend.now()
	t.Logf("%s: %s, in %.1f s", what, figures, took.Seconds())
	assert.Zero(t, figures.lost())
	assert.Empty(t, backend.unexpected())
}
