package fastlylogsreceiver

import (
	"bytes"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

// The contract of a receiver whose next consumer sometimes returns errors: no data is lost, none is duplicated, and permanent
// errors are told apart from others.
func TestConsumeContract(t *testing.T) {
	config := createDefaultConfig().(*Config)
	config.ServerConfig.NetAddr.Endpoint = freeAddress(t)
	config.ServiceIDs = []string{"*"}
	const attributes = `"attributes":[{"key":"` + receivertest.UniqueIDAttrName + `","value":{"stringValue":"%s"}}]`
	for signal, line := range map[pipeline.Signal]string{
		pipeline.SignalTraces: `{"resourceSpans":[{"scopeSpans":[{"spans":[{` + attributes + `}]}]}]}`,
		pipeline.SignalLogs:   `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{` + attributes + `}]}]}]}`,
	} {
		t.Run(signal.String(), func(t *testing.T) {
			receivertest.CheckConsumeContract(receivertest.CheckConsumeContractParams{
				T:             t,
				Factory:       NewFactory(),
				Signal:        signal,
				Config:        config,
				Generator:     &sender{t: t, url: "http://" + config.ServerConfig.NetAddr.Endpoint + config.Path, line: line},
				GenerateCount: 200,
			})
		})
	}
}

// sender POSTs bodies of three lines. It repeats a body if it is told to come back later.
type sender struct {
	t    *testing.T
	url  string
	line string // has %s for the id
	next atomic.Int64
}

func (s *sender) Start() {}

// Stop is called after the receiver has shut down and closed its connections.
func (s *sender) Stop() { http.DefaultClient.CloseIdleConnections() }

func (s *sender) Generate() (ids []receivertest.UniqueIDAttrVal) {
	var body bytes.Buffer
	for range 3 {
		id := fmt.Sprint(s.next.Add(1))
		ids = append(ids, receivertest.UniqueIDAttrVal(id))
		fmt.Fprintf(&body, s.line+"\n", id)
	}
	for {
		resp, err := http.Post(s.url, "application/json", bytes.NewReader(body.Bytes()))
		require.NoError(s.t, err)
		resp.Body.Close()
		switch resp.StatusCode {
		case http.StatusOK, http.StatusBadRequest: // accepted, or refused permanently
			return ids
		case http.StatusServiceUnavailable:
			assert.NotEmpty(s.t, resp.Header.Get("Retry-After"))
		default:
			require.Fail(s.t, "unexpected answer", resp.Status)
		}
	}
}
