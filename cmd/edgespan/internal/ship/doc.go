// Package ship is 'edgespan ship': it reads lines and sends the telemetry in them to a receiver of OTLP over HTTP, as JSON.
//
// A goroutine reads each input and parses its lines, one makes batches of them, and Run sends one batch after another: at most three
// batches are in memory. What is OTLP already is sent as it stands, so nothing in it is lost, whether this program knows it or not;
// compact spans and structured log records are written anew.
//
// A batch is settled when the receiver has taken it, or has refused for good what remains of it: a request that is refused for what
// is in it is halved until the lines are found that it is for. Then, and only then, the checkpoint moves on. What fails for another
// reason is tried again, and when that is given up, the checkpoint stands before it. So after a crash at most one batch arrives twice,
// and none is missing.
//
// Of a file, what is read next is looked for after each piece: the oldest that has something new of all that log rotation may have made of it
// (input.look). The checkpoint knows each of these, so what it does not know has not been read.
package ship
