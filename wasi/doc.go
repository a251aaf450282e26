// Package wasi keeps finished spans in a file and sends them later. It is for WebAssembly programs outside of a Compute host
// (GOOS=wasip1), which have a folder but no network, and for any other program whose spans should outlive it.
//
//	f := wasi.Open("spans.jsonl", wasi.Config{Sink: sink}) // sink is an otlphttp.Exporter
//	tp := trace.NewTracerProvider(trace.Config{ServiceName: "import", Exporter: f})
//	…
//	err := f.Flush(ctx) // sends the spans in the file
//
// Each local trace is one line of OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), appended with
// one write. Any number of programs may append to the same file. [File.Flush] sends the lines with a batch.Sink, such as
// otlphttp.Exporter, and removes exactly the lines that it has sent. You may call it in the same program or in another one,
// even while others append.
//
// # The files
//
// Besides the file itself, for example spans.jsonl, there are its parts. A part is a file that was closed, because it had
// reached [Config.MaxFileSize] or because a Flush took it. It is named spans.jsonl.<time>-<random>.part while it waits, and
// ….sending while a Flush sends it.
//
// WASI preview 1 has no locks, so files are only appended to, renamed and removed:
//
//   - A Flush claims a part by renaming it to .sending. Another Flush then does not find it any more.
//   - A part is removed after the receiver has taken all of it. If the receiver has taken some of the lines, the others are
//     written to a new part first.
//   - If the process with a claimed part has died, another Flush may claim the part after [Config.Lease]. An unfinished .rest
//     file, which the dead process was writing, is removed then.
//   - After a line was appended, the writer checks that the file still has its name. If it does not, a Flush may have read the
//     file before the line was in it, so the writer appends the line again, to the new file.
//
// So if a process crashes at any point, no line for which Export has returned is lost. A line may be sent twice; a backend
// recognizes that by the trace and span ids. If a process dies while it writes a line, only that line is lost: Flush finds the
// beginning of the next one, even if no newline separates them. Without [Config.Sync] this is true for crashes of the process,
// not of the machine.
package wasi
