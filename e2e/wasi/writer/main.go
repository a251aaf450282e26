// Command writer is a WASI program that keeps its spans in a file. It prints the number of each span that is kept.
//
//	writer FILE NAME COUNT
package main

import (
	"context"
	"os"
	"strconv"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

func main() {
	count, err := strconv.Atoi(os.Args[3])
	if err != nil {
		panic(err)
	}
	f := wasi.Open(os.Args[1], wasi.Config{MaxFileSize: 200_000, MaxParts: 10_000})
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "writer", Exporter: f})
	for i := range count {
		ctx, root := tp.Start(context.Background(), os.Args[2]+"-"+strconv.Itoa(i), trace.StartConfig{})
		_, step := trace.Start(ctx, "step", trace.Int("n", i))
		step.End()
		kept := f.Stats().Lines
		root.End()
		if f.Stats().Lines > kept {
			os.Stdout.WriteString(strconv.Itoa(i) + "\n")
		}
	}
	os.Stdout.WriteString("dropped " + strconv.FormatUint(f.Stats().DroppedSpans, 10) + "\n")
}
