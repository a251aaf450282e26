// Package cron is syumai/workers' cloudflare/cron with a span for each run of the task, the root of a trace. Package workers tells
// what all twins have in common.
//
// Beware of the original: a task that returns an error ends the program by a panic.
package cron
