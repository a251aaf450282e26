package pipeline

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// broker is a Kafka cluster of one node in KRaft mode, which is both broker and controller.
type broker struct {
	address string
	admin   *kadm.Client
}

func startBroker(tb testing.TB) *broker {
	began := time.Now()
	dir := tb.TempDir()
	b := &broker{address: freeAddress(tb)}
	controller := freeAddress(tb)
	properties := filepath.Join(dir, "server.properties")
	require.NoError(tb, os.WriteFile(properties, fmt.Appendf(nil, `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@%[2]s
listeners=BROKER://%[1]s,CONTROLLER://%[2]s
advertised.listeners=BROKER://%[1]s
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs=%[3]s
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
`, b.address, controller, filepath.Join(dir, "data")), 0o600))

	out, err := java(tb, "kafka.tools.StorageTool", "format", "--cluster-id", "ZWRnZXNwYW4tcGlwZWxpbg", "--config", properties).CombinedOutput()
	require.NoError(tb, err, "%s", out)
	p := start(tb, "kafka", java(tb, "kafka.Kafka", properties))

	client, err := kgo.NewClient(kgo.SeedBrokers(b.address))
	require.NoError(tb, err)
	tb.Cleanup(client.Close)
	b.admin = kadm.NewClient(client)
	require.Eventually(tb, func() bool {
		require.True(tb, p.running(), "Kafka has ended")
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		brokers, err := b.admin.ListBrokers(ctx)
		return err == nil && len(brokers) == 1
	}, 2*time.Minute, 100*time.Millisecond, "Kafka does not answer")
	tb.Logf("Kafka is up after %.1f s", time.Since(began).Seconds())
	return b
}

func java(tb testing.TB, args ...string) *exec.Cmd {
	jars := filepath.Join(setting(tb, "EDGESPAN_KAFKA"), "*")
	return exec.Command("java", append([]string{"-Xmx512m", "-Dlog4j2.level=WARN", "-cp", jars}, args...)...)
}

func (b *broker) createTopic(tb testing.TB, name string, partitions int32) {
	_, err := b.admin.CreateTopic(context.Background(), partitions, 1, nil, name)
	require.NoError(tb, err)
}

// lag returns the number of records that the group has not committed yet.
func (b *broker) lag(tb testing.TB, group string) int64 {
	lags, err := b.admin.Lag(context.Background(), group)
	require.NoError(tb, err)
	require.NoError(tb, lags.Error())
	return lags[group].Lag.Total()
}

// write writes records as Fastly's Kafka endpoint does: one line each, without a key, compressed, and acknowledged by all
// replicas (--compression-codec=gzip --required-acks=-1).
func (b *broker) write(tb testing.TB, topic string, n int, line func(i int) []byte) {
	client, err := kgo.NewClient(kgo.SeedBrokers(b.address), kgo.DefaultProduceTopic(topic),
		kgo.ProducerBatchCompression(kgo.GzipCompression()), kgo.RequiredAcks(kgo.AllISRAcks()), kgo.MaxBufferedRecords(2000))
	require.NoError(tb, err)
	defer client.Close()
	for i := range n {
		client.Produce(context.Background(), &kgo.Record{Value: line(i)}, func(_ *kgo.Record, err error) {
			assert.NoError(tb, err)
		})
	}
	require.NoError(tb, client.Flush(context.Background()))
}
