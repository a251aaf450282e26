// Package far has the receiver of the programs whose calls fail.
package far

import (
	"context"
	"errors"
	"fmt"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/otlp"
)

// Receiver is a transport. It takes a number of requests, prints the names of the spans in them, and is down after that.
type Receiver struct{ Takes int }

// Post implements otlphttp.Transport.
func (r *Receiver) Post(_ context.Context, req *otlphttp.Request) (otlphttp.Response, error) {
	if r.Takes--; r.Takes < 0 {
		return otlphttp.Response{}, errors.New("down")
	}
	batches, err := otlp.Decode(req.Body)
	if err != nil {
		fmt.Println("invalid", err)
	}
	for _, b := range batches {
		for i := range b.Spans {
			fmt.Println("sent", b.Spans[i].Name)
		}
	}
	return otlphttp.Response{Status: 200, ContentType: "application/json", Body: []byte("{}")}, nil
}
