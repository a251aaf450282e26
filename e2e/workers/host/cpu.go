package host

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// CPU returns the CPU time that workerd has used so far, or 0 on systems other than Linux. Unlike the duration of requests, it
// does not depend on other work on the machine.
func (h *Host) CPU() time.Duration {
	const tick = 10 * time.Millisecond // USER_HZ, which is the same for all programs on Linux
	parents, used := map[int]int{}, map[int]time.Duration{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the process has ended
		}
		before, after, _ := strings.Cut(string(text), ") ") // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
		number, name, _ := strings.Cut(before, " (")
		fields := strings.Fields(after)
		if len(fields) < 13 {
			continue
		}
		n := func(text string) int { v, _ := strconv.Atoi(text); return v }
		pid := n(number)
		parents[pid] = n(fields[1])
		if name == "workerd" {
			used[pid] = time.Duration(n(fields[11])+n(fields[12])) * tick
		}
	}
	var sum time.Duration
	for pid, took := range used {
		for pid > 1 && pid != h.cmd.Process.Pid {
			pid = parents[pid]
		}
		if pid == h.cmd.Process.Pid {
			sum += took
		}
	}
	return sum
}
