// Package filestore keeps the spans that a batch.Processor holds in a file, so that they survive the process.
//
//	store := filestore.Open("spans.jsonl")
//	defer store.Close() // after Shutdown; the end of the process has the same effect
//	processor := batch.New(batch.Config{Sink: exporter, Store: store})
//	defer processor.Shutdown(ctx)
//
// A line is in the file from Export until it is sent or dropped. The lines that a process leaves behind, however it ended, are
// loaded by the next process that opens the same path. They are sent again if the file does not say that they were sent.
//
// # The files
//
// Beside the file at the path there is path.lock, which a running process keeps locked. A second process finds it locked and
// uses path.1 and path.1.lock, and so on, up to 64 processes. A process that starts later takes over the files of dead
// processes, one after the other, as it has room for them. On systems without such locks (Plan 9, Solaris, AIX, WASI) nothing
// is locked, so each process needs a path of its own.
//
// A file has the lines as they were given, and marks. A mark begins with # and says how many lines from the beginning are
// settled. The file is emptied when no line is left. When most of it is settled, it is written anew under another name and then
// renamed. So a crash at any point loses no line for which Append has returned. Without [Config.Sync] this holds if the process
// dies, but not if the machine does.
//
// If programs write one file together and leave the sending to another program, use package wasi.
package filestore
