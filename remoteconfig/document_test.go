package remoteconfig

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each document has one error, and the message names it.
func TestBadDocuments(t *testing.T) {
	for document, want := range map[string]string{
		// not JSON
		` `:                            `the document: not JSON: `,
		`{`:                            `the document: not JSON: `,
		`{"ratio":0.5} {}`:             `the document: not JSON: `,
		`{"ratio":0.5,}`:               `the document: not JSON: `,
		`{ratio:0.5}`:                  `the document: not JSON: `,
		`{"ratio":NaN}`:                `ratio: want a number from 0 to 1, got NaN`,
		`{"ratio":Infinity}`:           `the document: not JSON: `,
		`{"ratio":.5}`:                 `ratio: want a number from 0 to 1, got .5`,
		`{"ratio":+1}`:                 `ratio: want a number from 0 to 1, got +1`,
		`{"ratio":0x1}`:                `the document: not JSON: `,
		`{"ratio":01}`:                 `ratio: want a number from 0 to 1, got 01`,
		"{\"comment\":\"a\nb\"}":       `the document: not JSON: `,
		"{\"comment\":\"\xff\"}":       `the document: not UTF-8`,
		strings.Repeat(`[`, 1_000_000): `the document: 1000000 bytes, more than 65536`,
		strings.Repeat(`[`, 60_000):    `the document: brackets nest deeper than 16`,
		strings.Repeat(`{"keep":`, 17): `the document: brackets nest deeper than 16`,
		`{"comment":"` + strings.Repeat("x", MaxBytes) + `"}`: `the document: 65550 bytes, more than 65536`,

		// no settings
		`null`:                       `the document: want an object, got null`,
		`[]`:                         `the document: want an object, got a list`,
		`"{}"`:                       `the document: want an object, got "{}"`,
		`7`:                          `the document: want an object, got 7`,
		`{"ratoi":1}`:                `ratoi: unknown field; the fields are comment, off, ratio, routes, keep, request_headers, response_headers`,
		`{"":1}`:                     `[""]: unknown field`,
		`{"RATIO":1}`:                `RATIO: unknown field`,
		"{\"a\u2028.b\":1}":          "[\"a\\u2028.b\"]: unknown field",
		`{"ratio":1,"ratio":1}`:      `ratio: occurs twice`,
		`{"ratio":1,"r\u0061tio":1}`: `ratio: occurs twice`,
		`{"off":null}`:               `off: want true or false, got null`,
		`{"off":"true"}`:             `off: want true or false, got "true"`,
		`{"off":1}`:                  `off: want true or false, got 1`,
		`{"comment":["a"]}`:          `comment: want a string, got a list`,

		// ratios
		`{"ratio":"0.5"}`:                 `ratio: want a number from 0 to 1, got "0.5"`,
		`{"ratio":-0.1}`:                  `ratio: want a number from 0 to 1, got -0.1`,
		`{"ratio":1.0001}`:                `ratio: want a number from 0 to 1, got 1.0001`,
		`{"ratio":50}`:                    `ratio: want a number from 0 to 1, got 50`,
		`{"ratio":1e999}`:                 `ratio: want a number from 0 to 1, got 1e999`,
		`{"ratio":-1e-999}`:               ``, // zero
		`{"ratio":null}`:                  `ratio: want a number from 0 to 1, got null`,
		`{"ratio":{}}`:                    `ratio: want a number from 0 to 1, got an object`,
		`{"routes":[]}`:                   `routes: want an object, got a list`,
		`{"routes":{"/a":2}}`:             `routes["/a"]: want a number from 0 to 1, got 2`,
		`{"routes":{"/a":1,"/a":0}}`:      `routes["/a"]: occurs twice`,
		`{"routes":{"/a":{"ratio":0.5}}}`: `routes["/a"]: want a number from 0 to 1, got an object`,
		`{"routes":{"":1}}`:               `routes[""]: want a route, or a method in capitals, a space and a route, for a key`,
		`{"routes":{"get /a":1}}`:         `routes["get /a"]: want a route, or a method in capitals, a space and a route, for a key, such as "GET /items/{id}"`,
		`{"routes":{"_OTHER /a":1}}`:      `routes["_OTHER /a"]: want a route`, // the name of a span has HTTP in place of _OTHER
		`{"routes":{"M-SEARCH /a":1}}`:    `routes["M-SEARCH /a"]: want a route`,
		`{"routes":{"GET post /a":1}}`:    `routes["GET post /a"]: want a route`,
		`{"routes":{"GET ":1}}`:           `routes["GET "]: want a route`,
		`{"routes":{" /a":1}}`:            `routes[" /a"]: want a route`,
		`{"routes":{"GET  /a":1}}`:        `routes["GET  /a"]: want a route, or a method in capitals, a space and a route, for a key, such as "GET /items/{id}"`,

		"{\"comment\":\"\\u\x10\x10\x10\x10\"}": `the document: not JSON: an invalid escape in a string`, // control characters in place of zeros

		// keep
		`{"keep":true}`:                                                                    `keep: want an object, got true`,
		`{"keep":{"error":true}}`:                                                          `keep.error: unknown field; the fields are errors, slower_than_ms, rules`,
		`{"keep":{"errors":"yes"}}`:                                                        `keep.errors: want true or false, got "yes"`,
		`{"keep":{"slower_than_ms":"500ms"}}`:                                              `keep.slower_than_ms: want a number from 0 to 86400000, got "500ms"`,
		`{"keep":{"slower_than_ms":-1}}`:                                                   `keep.slower_than_ms: want a number from 0 to 86400000, got -1`,
		`{"keep":{"slower_than_ms":1e300}}`:                                                `keep.slower_than_ms: want a number from 0 to 86400000, got 1e300`,
		`{"keep":{"rules":{}}}`:                                                            `keep.rules: want a list, got an object`,
		`{"keep":{"rules":[7]}}`:                                                           `keep.rules[0]: want an object, got 7`,
		`{"keep":{"rules":[{}]}}`:                                                          `keep.rules[0]: want at least one condition, got an object`,
		`{"keep":{"rules":[{"errors":true},{"errors":false}]}}`:                            `keep.rules[1].errors: want true (to turn the rule off, leave the field out), got false`,
		`{"keep":{"rules":[{"slower_than_ms":0}]}}`:                                        `keep.rules[0].slower_than_ms: want a number above 0, got 0`,
		`{"keep":{"rules":[{"route":""}]}}`:                                                `keep.rules[0].route: want a route`,
		`{"keep":{"rules":[{"route":"Get /a"}]}}`:                                          `keep.rules[0].route: want a route, or a method in capitals`,
		`{"keep":{"rules":[{"route":["/a"]}]}}`:                                            `keep.rules[0].route: want a string, got a list`,
		`{"keep":{"rules":[{"status":[]}]}}`:                                               `keep.rules[0].status: want at least one status, got a list`,
		`{"keep":{"rules":[{"status":99}]}}`:                                               `keep.rules[0].status: want a status from 100 to 599, or a class such as "5xx", got 99`,
		`{"keep":{"rules":[{"status":[200,600]}]}}`:                                        `keep.rules[0].status[1]: want a status`,
		`{"keep":{"rules":[{"status":200.5}]}}`:                                            `keep.rules[0].status: want a status`,
		`{"keep":{"rules":[{"status":1e300}]}}`:                                            `keep.rules[0].status: want a status`,
		`{"keep":{"rules":[{"status":"6xx"}]}}`:                                            `keep.rules[0].status: want a status`,
		`{"keep":{"rules":[{"status":"404"}]}}`:                                            `keep.rules[0].status: want a status`,
		`{"keep":{"rules":[{"attribute":""}]}}`:                                            `keep.rules[0].attribute: want the key of an attribute, got ""`,
		`{"keep":{"rules":[{"equals":1}]}}`:                                                `keep.rules[0].equals: needs the field attribute in the same rule`,
		`{"keep":{"rules":[{"attribute":"a","equals":null}]}}`:                             `keep.rules[0].equals: want a string, a number, true or false, got null`,
		`{"keep":{"rules":[{"attribute":"a","equals":1e999}]}}`:                            `keep.rules[0].equals: want a string, a number, true or false, got 1e999`,
		`{"keep":{"rules":[{"attribute":"a"},{"atribute":"b"}]}}`:                          `keep.rules[1].atribute: unknown field; the fields are errors, slower_than_ms, route, status, attribute, equals`,
		`{"keep":{"rules":[{"attribute":"a","attribute":"b"}]}}`:                           `keep.rules[0].attribute: occurs twice`,
		`{"keep":{"rules":[{"comment":"not here","attribute":"a"}]}}`:                      `keep.rules[0].comment: unknown field`,
		`{"keep":{"rules":[{"` + strings.Repeat("x", 9000) + `":1}]}}`:                     `…`,
		`{"comment":"fine","keep":{"slower_than_ms":"` + strings.Repeat("x", 9000) + `"}}`: `…`,

		// headers
		`{"request_headers":"accept"}`:      `request_headers: want a list, got "accept"`,
		`{"request_headers":[1]}`:           `request_headers[0]: want a string, got 1`,
		`{"request_headers":["a",""]}`:      `request_headers[1]: want the name of a header, got ""`,
		`{"request_headers":["a b"]}`:       `request_headers[0]: want the name of a header, got "a b"`,
		`{"response_headers":["a:"]}`:       `response_headers[0]: want the name of a header, got "a:"`,
		`{"response_headers":["a\u0000b"]}`: `response_headers[0]: want the name of a header, got "a\x00b"`,
		`{"response_headers":{"a":1}}`:      `response_headers: want a list, got an object`,
	} {
		err := Check(document)
		if want == "" {
			assert.NoError(t, err, "%.200s", document)
			continue
		}
		if assert.Error(t, err, "%.200s", document) {
			assert.Contains(t, err.Error(), want, "%.200s", document)
			assert.Less(t, len(err.Error()), 500)
			assert.NotContains(t, err.Error(), "\n")
		}
	}
}

func TestGoodDocuments(t *testing.T) {
	for _, document := range []string{
		`{}`, "\t{ }\r\n", `{"off":true}`, `{"off":false,"comment":""}`, `{"ratio":0}`, `{"ratio":1}`, `{"ratio":1E-3}`, `{"ratio":-0}`,
		`{"routes":{}}`, `{"routes":{"/a b":0.5,"GET /a":1,"items.show":0,"GET items.show":0}}`,
		`{"keep":{}}`, `{"keep":{"errors":false,"slower_than_ms":0,"rules":[]}}`, `{"keep":{"slower_than_ms":86400000}}`,
		`{"keep":{"rules":[{"errors":true,"slower_than_ms":0.5,"route":"POST /a","status":[200,"4xx"],"attribute":"a","equals":"b"}]}}`,
		`{"keep":{"rules":[{"attribute":"a","equals":true},{"attribute":"a","equals":-1.5},{"status":404},{"status":"5xx"}]}}`,
		`{"request_headers":[],"response_headers":["X-A","x-b"]}`,
		`{"comment":"` + strings.Repeat("[", 100) + `\"[[[[[[[[[[[[[[[[[["}`,
	} {
		require.NoError(t, Check(document), document)
	}
}
