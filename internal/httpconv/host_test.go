package httpconv

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHosts(t *testing.T) {
	for host, want := range map[string]struct {
		address string
		port    int
	}{
		"":                                  {"", 0},
		"a":                                 {"a", 0},
		"a.example:80":                      {"a.example", 80},
		"a.example:":                        {"a.example", 0},
		"a.example:0":                       {"a.example", 0},
		"a.example:65535":                   {"a.example", 65535},
		"a.example:65536":                   {"a.example", 0},
		"a.example:-1":                      {"a.example", 0},
		"a.example:http":                    {"a.example", 0},
		"a.example:8080x":                   {"a.example", 0},
		"a.example:+80":                     {"a.example", 0},
		":80":                               {"", 80},
		":":                                 {"", 0},
		"192.0.2.1":                         {"192.0.2.1", 0},
		"192.0.2.1:443":                     {"192.0.2.1", 443},
		"[::1]":                             {"::1", 0},
		"[::1]:8080":                        {"::1", 8080},
		"[2001:db8::1]:443":                 {"2001:db8::1", 443},
		"[fe80::1%25eth0]:443":              {"fe80::1%25eth0", 443},
		"[::1":                              {"[::1", 0}, // garbage, and no panic
		"::1":                               {"::1", 0},
		"2001:db8::1":                       {"2001:db8::1", 0},
		"[]":                                {"", 0},
		"[":                                 {"[", 0},
		"]":                                 {"]", 0},
		"[]:80":                             {"", 80},
		"a:b:c":                             {"a:b:c", 0},
		"a\x00b:80":                         {"a\x00b", 80},
		"a.example:00000000000000000000080": {"a.example", 0},
	} {
		address, port := SplitHost(host)
		assert.Equal(t, want.address, address, "%q", host)
		assert.Equal(t, want.port, port, "%q", host)
	}
}

func TestDefaultPort(t *testing.T) {
	assert.Equal(t, 443, DefaultPort("https"))
	assert.Equal(t, 80, DefaultPort("http"))
	assert.Zero(t, DefaultPort("ftp"))
}

func TestDigits(t *testing.T) {
	for s, want := range map[string]int64{"0": 0, "7": 7, "0190": 190, "999999999999999999": 999_999_999_999_999_999} {
		assert.Equal(t, want, Digits(s), s)
	}
	for _, s := range []string{"", "-1", "+1", " 1", "1e3", "1:", "/", "1000000000000000000"} {
		assert.Equal(t, int64(-1), Digits(s), s)
	}
}
