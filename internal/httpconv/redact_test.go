package httpconv

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRedactQuery(t *testing.T) {
	const r = "REDACTED"
	for _, test := range []struct{ raw, want string }{
		{"", ""},
		{"a=1", "a=1"},
		{"a=1&b=2", "a=1&b=2"},
		{"token=x", "token=" + r},
		{"a=1&token=x&b=2", "a=1&token=" + r + "&b=2"},
		{"token=x&token=y", "token=" + r + "&token=" + r},
		{"TOKEN=x&Token=y&tOkEn=z", "TOKEN=" + r + "&Token=" + r + "&tOkEn=" + r},
		{"access_token=x&access-token=y&accessToken=z&access.token=w", "access_token=" + r + "&access-token=" + r + "&accessToken=" + r + "&access.token=" + r},
		{"api_key=x&apikey=y&API-KEY=z&X-Api-Key=w", "api_key=" + r + "&apikey=" + r + "&API-KEY=" + r + "&X-Api-Key=" + r},
		{"%74oken=x", "%74oken=" + r},
		{"%54%4F%4B%45%4E=x", "%54%4F%4B%45%4E=" + r},
		{"access%5Ftoken=x", "access%5Ftoken=" + r},
		{"+token=x", "+token=" + r},
		{"%zztoken=x", "%zztoken=" + r},
		{"a=1;token=x;b=2&c=3", "a=1;token=" + r + "&c=3"},
		{"token=a;b", "token=" + r},
		{"password=a;b=c&d=1;e", "password=" + r + "&d=1;e"},
		{"user[password]=x", "user[password]=" + r},
		{"user%5Bpassword%5D=x", "user%5Bpassword%5D=" + r},
		{"token[]=x&token[]=y", "token[]=" + r + "&token[]=" + r},
		{"password[0]=x&password%5B10%5D=y&key[1]=z", "password[0]=" + r + "&password%5B10%5D=" + r + "&key[1]=" + r},
		{"password_confirmation=x&user[password][again]=y", "password_confirmation=" + r + "&user[password][again]=" + r},
		{"token=", "token="},
		{"token", "token"},
		{"token&a", "token&a"},
		{"=x", "=x"},
		{"=", "="},
		{"&&&", "&&&"},
		{"&token=x&", "&token=" + r + "&"},
		{"token==x=y", "token=" + r},
		{"token=a=b&c=d", "token=" + r + "&c=d"},
		{"q=token=x", "q=token=x"},
		{"q=?token=x", "q=?token=" + r},
		{"next=/cb?code=x", "next=/cb?code=" + r},
		{"next=/cb?code=x&a=1", "next=/cb?code=" + r + "&a=1"},
		{"next=/cb?a=1?sig=x?y;b=2", "next=/cb?a=1?sig=" + r},
		{"next=/cb?page_token=7?a", "next=/cb?page_token=7?a"},
		{"token=/cb?a=1&b=2", "token=" + r + "&b=2"},
		{"?code=x", "?code=" + r},
		{"a?b=1??=&?", "a?b=1??=&?"},
		{"sig=x&Signature=y&AWSAccessKeyId=z&X-Goog-Signature=w", "sig=" + r + "&Signature=" + r + "&AWSAccessKeyId=" + r + "&X-Goog-Signature=" + r},
		{"X-Amz-Signature=x&X-Amz-Security-Token=y&X-Amz-Credential=z", "X-Amz-Signature=" + r + "&X-Amz-Security-Token=" + r + "&X-Amz-Credential=" + r},
		{"secret=1&client_secret=2&pwd=3&pass=4&passwd=5&jwt=6&auth=7&session=8&sid=9&code_secret=0",
			"secret=" + r + "&client_secret=" + r + "&pwd=" + r + "&pass=" + r + "&passwd=" + r + "&jwt=" + r + "&auth=" + r + "&session=" + r + "&sid=" + r + "&code_secret=" + r},
		{"author=x&passenger=y&monkey=z&sigma=w&side=v", "author=x&passenger=y&monkey=z&sigma=w&side=v"},
		{"token=\x00\xff\"\n", "token=" + r},
		{"a=\x00\xff\"\n", "a=\x00\xff\"\n"},
		{"iban=DE02", "iban=" + r},
		{"I_B-A.N=DE02", "I_B-A.N=" + r},
		{"page_token=7", "page_token=7"},
		{"pageToken=7&PAGE-TOKEN=8", "pageToken=7&PAGE-TOKEN=8"},
		{"both=1", "both=" + r},
	} {
		Redactor := NewRedactor([]string{"Iban", "both"}, []string{"page_token", "both"})
		assert.Equal(t, test.want, Redactor.Query(test.raw), "%q", test.raw)
	}
}

func TestRedactURL(t *testing.T) {
	parse := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for _, test := range []struct {
		u    *url.URL
		want string
	}{
		{parse("https://h.example/a?b=1"), "https://h.example/a?b=1"},
		{parse("https://h.example"), "https://h.example"},
		{parse("https://h.example?"), "https://h.example?"},
		{parse("https://h.example/a#secret"), "https://h.example/a"},
		{parse("https://bob:pw@h/"), "https://REDACTED:REDACTED@h/"},
		{parse("https://bob@h/"), "https://REDACTED:REDACTED@h/"},
		{parse("https://:pw@h/"), "https://REDACTED:REDACTED@h/"},
		{parse("https://@h/"), "https://REDACTED:REDACTED@h/"},
		{parse("https://[::1]:8443/a"), "https://[::1]:8443/a"},
		{parse("/a?token=x"), "/a?token=REDACTED"},
		{parse("a/b"), "a/b"},
		{parse(""), ""},
		{parse("https://h/a%2Fb%20c?d=%20"), "https://h/a%2Fb%20c?d=%20"},
		{parse("mailto:x"), "mailto:x"},
		{parse("http:bob:pw@h/a?token=x"), "http:REDACTED:REDACTED@h/a?token=REDACTED"},
		{&url.URL{Scheme: "http", Opaque: "//h/a%2F"}, "http://h/a%2F"},
		{&url.URL{Scheme: "http", Opaque: "//bob:p@w@h/a"}, "http:REDACTED:REDACTED@h/a"},
		{&url.URL{Scheme: "http", Host: "h", Path: "a"}, "http://h/a"},
		{&url.URL{User: url.UserPassword("bob", "pw"), Path: "/a"}, "//REDACTED:REDACTED@/a"},
		{&url.URL{Path: "/\x00\xff\n"}, "/%00%FF%0A"},
	} {
		var r Redactor
		assert.Equal(t, test.want, r.URL(test.u), "%#v", test.u)
	}
}

func TestRedactText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "gzip, br": "gzip, br", "text/html; charset=utf-8": "text/html; charset=utf-8", "a@b.example": "a@b.example",
		"https://h.example/a":               "https://h.example/a",
		"https://h.example/a?b=1#c":         "https://h.example/a?b=1#c",
		"https://h.example/cb?code=1&b=2":   "https://h.example/cb?code=REDACTED&b=2",
		"/cb?b=2&token=1#x":                 "/cb?b=2&token=REDACTED#x",
		"/cb#access_token=1&b=2":            "/cb#access_token=REDACTED&b=2",
		"/cb?token=1#id_token=2":            "/cb?token=REDACTED#id_token=REDACTED",
		"?token=1":                          "?token=REDACTED",
		"/a?token=b?c#d?e":                  "/a?token=REDACTED#d?e",
		"https://h.example/#/cb?code=1&b=2": "https://h.example/#/cb?code=REDACTED&b=2",
		"/#/cb?b=2&sig=1?c":                 "/#/cb?b=2&sig=REDACTED",
		"/#/code=1&state=2":                 "/#/code=REDACTED&state=2",
		"/#/a#code=1":                       "/#/a#code=REDACTED",
		"/#":                                "/#",
		"/#/":                               "/#/",
		"https://h/in?next=/cb?code=1":      "https://h/in?next=/cb?code=REDACTED",
		"https://h/in?next=/cb?token=1":     "https://h/in?next=/cb?token=REDACTED",
		"https://a/?q=1, https://b/?code=2": "https://a/?q=1, https://b/?code=REDACTED",
		"https://a/?q=1 https://u:p@b/":     "https://a/?q=1 https://REDACTED:REDACTED@b/",
		"https://a/,https://u:p@b/?c=@d":    "https://a/,https://REDACTED:REDACTED@b/?c=@d",
		"/in?next=https://u:p@b/&mail=c@d":  "/in?next=https://REDACTED:REDACTED@b/&mail=c@d",
		"/in?next=https://b&mail=c@d":       "/in?next=https://b&mail=c@d",
		"/in?next=https://u:p;w@b/&c=d":     "/in?next=https://REDACTED:REDACTED@b/&c=d",
		"https://u:p&;w@h/":                 "https://REDACTED:REDACTED@h/",
		"https://h c@d":                     "https://h c@d",
		"file:///c@d":                       "file:///c@d",
		"https://bob:pw@h.example/a?b=1":    "https://REDACTED:REDACTED@h.example/a?b=1",
		"//bob@h.example":                   "//REDACTED:REDACTED@h.example",
		"https://h.example/@bob":            "https://h.example/@bob",
		"https://b:p@w@h.example":           "https://REDACTED:REDACTED@h.example",
		`<https://h/?token=1>; rel="a", <https://h/?token=2>`: `<https://h/?token=REDACTED>; rel="a", <https://h/?token=REDACTED>`,
	} {
		var r Redactor
		assert.Equal(t, want, r.Text(text), text)
		assert.Equal(t, want, r.Text(want), "again, it changes nothing")
	}
}

func TestIsSecret(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "a": false, "123": false, "[]": false, "%": false,
		"Authorization": true, "Proxy-Authorization": true, "Cookie": true, "Set-Cookie": true, "X-Api-Key": true, "X-Auth-Token": true,
		"X-CSRF-Token": true, "Accept": false, "Content-Type": false, "User-Agent": false, "X-Forwarded-For": false,
		"Fastly-Key": true,
		"PHPSESSID":  true, "JSESSIONID": true, "connect.sid": true, "auth_code": true, "code_verifier": true, "signing_key": true,
		"X-Authorization": true, "X-Forwarded-Authorization": true, "X-Auth-Key": true, "X-Session-Id": true, "X-CSRF": true, "XSRF": true,
		"X-Goog-IAP-JWT-Assertion": true, "access_key_id": true, "totp": true, "author": false, "zip_code": false, "pinned": false,
		"token2": true, "2token": true, "key": true, "keys": false, "pass": true, "bypass": false,
	} {
		assert.Equal(t, want, IsSecret(name), name)
	}
}

func TestRedactingWhatIsPlainDoesNotAllocate(t *testing.T) {
	var r Redactor
	for _, raw := range []string{"", "a=1&b=2", "page=3&sort=name;x"} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { _ = r.Query(raw) }), raw)
	}
	for _, text := range []string{"", "text/html; charset=utf-8", "https://h.example/a;b=1", "<https://h.example/>; rel=a"} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { _ = r.Text(text) }), text)
	}
}
