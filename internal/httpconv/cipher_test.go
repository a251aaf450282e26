package httpconv

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The names of crypto/tls are IANA's.
func TestCipher(t *testing.T) {
	known := map[string]bool{}
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		known[suite.Name] = true
		assert.Equal(t, suite.Name, Cipher(suite.Name))
	}
	for name, want := range map[string]string{
		"ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
		"ECDHE-RSA-AES256-GCM-SHA384":   "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
		"ECDHE-RSA-CHACHA20-POLY1305":   "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
		"ECDHE-RSA-AES128-SHA256":       "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
		"ECDHE-ECDSA-AES256-SHA":        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
		"AES128-GCM-SHA256":             "TLS_RSA_WITH_AES_128_GCM_SHA256",
		"AES128-SHA":                    "TLS_RSA_WITH_AES_128_CBC_SHA",
		"DES-CBC3-SHA":                  "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
		"AEAD-AES128-GCM-SHA256":        "TLS_AES_128_GCM_SHA256",
		"AEAD-CHACHA20-POLY1305-SHA256": "TLS_CHACHA20_POLY1305_SHA256",
	} {
		assert.Equal(t, want, Cipher(name))
		assert.True(t, known[want], want)
	}
	// Those that crypto/tls does not have.
	assert.Equal(t, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", Cipher("DHE-RSA-AES128-GCM-SHA256"))
	assert.Equal(t, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", Cipher("ECDHE-RSA-AES256-SHA384"))
	assert.Equal(t, "TLS_RSA_WITH_AES_256_CBC_SHA256", Cipher("AES256-SHA256"))
	for _, unknown := range []string{"", "RC4-MD5", "ECDHE-", "TLS_", "AEAD-"} {
		assert.Equal(t, unknown, Cipher(unknown))
	}
}
