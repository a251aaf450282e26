package httpconv

// exchanges are the key exchanges of OpenSSL's names, and ciphers what follows them, each before its name in IANA's registry,
// https://www.iana.org/assignments/tls-parameters/. OpenSSL leaves out RSA where it is the whole key exchange, and Cloudflare calls
// the suites of TLS 1.3 AEAD.
var (
	exchanges = [...][2]string{
		{"ECDHE-ECDSA-", "TLS_ECDHE_ECDSA_WITH_"}, {"ECDHE-RSA-", "TLS_ECDHE_RSA_WITH_"}, {"DHE-RSA-", "TLS_DHE_RSA_WITH_"},
		{"AEAD-", "TLS_"}, {"", "TLS_RSA_WITH_"},
	}
	ciphers = [...][2]string{
		{"AES128-GCM-SHA256", "AES_128_GCM_SHA256"}, {"AES256-GCM-SHA384", "AES_256_GCM_SHA384"},
		{"CHACHA20-POLY1305", "CHACHA20_POLY1305_SHA256"}, {"CHACHA20-POLY1305-SHA256", "CHACHA20_POLY1305_SHA256"},
		{"AES128-SHA", "AES_128_CBC_SHA"}, {"AES128-SHA256", "AES_128_CBC_SHA256"},
		{"AES256-SHA", "AES_256_CBC_SHA"}, {"AES256-SHA256", "AES_256_CBC_SHA256"}, {"AES256-SHA384", "AES_256_CBC_SHA384"},
		{"DES-CBC3-SHA", "3DES_EDE_CBC_SHA"},
	}
)

// Cipher returns the value of tls.cipher for OpenSSL's or Cloudflare's name of a cipher suite: IANA's name, or the given one if it is
// IANA's already or not known.
func Cipher(name string) string {
	for i := range exchanges {
		x := &exchanges[i]
		n := len(x[0])
		if len(name) < n || name[:n] != x[0] {
			continue
		}
		for k := range ciphers {
			if name[n:] == ciphers[k][0] {
				return x[1] + ciphers[k][1]
			}
		}
	}
	return name
}
