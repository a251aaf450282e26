// Package cron is a drop-in replacement for cloudflare/cron of syumai/workers that records each run of a cron trigger's task as
// a trace of its own.
//
//	import "github.com/edgespan/edgespan/workers/cloudflare/cron" // was github.com/syumai/workers/cloudflare/cron
//
//	cron.ScheduleTask(tp, task) // a SERVER span for each run, such as "cron 0 * * * *"
//
// If the task returns an error, syumai/workers panics with it, which ends the program. The trace is sent first. The
// documentation of package workers has the rules that all wrapper packages share.
package cron
