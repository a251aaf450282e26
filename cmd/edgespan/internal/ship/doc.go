// Package ship is 'edgespan ship': it reads lines and sends the telemetry in them to an OTLP/HTTP receiver, as JSON.
//
// One goroutine reads each input and parses its lines, another makes batches of them, and Run sends one batch after another. At
// most three batches are in memory. Lines that are already OTLP are sent unchanged, including fields that this program does not
// know. Compact spans and structured log records are encoded again.
//
// A batch is settled when the receiver has accepted it, or has finally refused the rest of it. A request that is refused for its
// content is halved until the lines at fault are found. Only when a batch is settled does the checkpoint move past it. A request
// that fails for another reason is retried. If ship gives up, the checkpoint stays before that batch. So after a crash at most one
// batch arrives twice, and none is missing.
//
// After each piece of a file, ship looks for the next one: the oldest file with something new, among all files that log rotation
// may have made of the input (input.look). The checkpoint has an entry for each file that was read, so a file without one has not
// been read.
package ship
