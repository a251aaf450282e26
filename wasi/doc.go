// Package wasi keeps finished spans in a file: for WebAssembly programs outside of a Compute host (GOOS=wasip1), which have a
// folder but no network, and for any other program that wants its spans to outlive it.
//
//	f := wasi.Open("spans.jsonl")
//	tp := trace.NewTracerProvider(trace.Config{ServiceName: "import", Exporter: f})
//
// Each local trace is one line of OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), appended by one
// write. Any number of programs may append to one file. Flush sends what is there by a batch.Sink, such as
// otlphttp.Exporter, and clears just what was sent; it may run in the same program or in another one, also while
// others append.
//
// # The files
//
// Beside the file itself, say spans.jsonl, there are its parts: spans.jsonl.<when>-<random>.part, closed and waiting, and
// .sending, claimed by a Flush. A file becomes a part when it has reached [Config.MaxFileSize] or when a Flush takes it.
//
// All that happens to them is append, rename and remove, since WASI preview 1 has no locks:
//
//   - Whoever renames a part to .sending has it; the others find it gone.
//   - It is removed after all of it was taken by the receiver. Of one taken in part, the rest becomes a new part first.
//   - A .sending whose owner has died becomes free after Config.Lease, and the .rest that he was writing is removed.
//   - Whoever has appended to a file looks whether that file is still at its name. If it is not, a Flush may have read it
//     before, so the line is appended once more, to the new one.
//
// So a crash at any point loses no line that Export has returned for, and may send one twice: a backend tells the two
// by trace and span id. A line that was torn by a crash ends where the next begins, and is the only one that is lost; Flush finds
// that place also where no line's end marks it.
// Without [Config.Sync] this holds for the death of the program, not for that of the machine.
package wasi
