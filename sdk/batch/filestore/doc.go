// Package filestore keeps what a batch.Processor holds in a file, so that it survives the process.
//
//	store := filestore.Open("spans.jsonl")
//	defer store.Close() // after Shutdown; the end of the process does as well
//	processor := batch.New(batch.Config{Sink: exporter, Store: store})
//	defer processor.Shutdown(ctx)
//
// A line is in the file from Export until it is sent or dropped. What a process leaves behind, however it ended, is loaded by
// the next one that opens the same path, and sent again if nobody noted that it was sent.
//
// # The files
//
// Beside the file at the path there is path.lock, which a living process has locked. A second process finds it locked and takes
// path.1 and path.1.lock, and so on up to 64 of them; whoever comes later takes over the files whose process has died, one after the
// other as it has room for them. On systems
// without flock (Windows, Plan 9, WASI) nothing is locked: there each process needs a path of its own.
//
// A file is lines as they were given, and marks, which begin with # and say how many lines from the beginning are done with. It
// is emptied when none is left, and written anew, beside itself and then renamed, when most of it is done with. So a crash at any
// point loses no line that Append has returned for. Without [Config.Sync] that holds for the death of the process, not for that of
// the machine.
//
// For programs that write one file together and leave the sending to another, there is package wasi.
package filestore
