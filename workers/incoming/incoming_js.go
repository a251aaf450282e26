package incoming

import (
	"net/http"
	"strings"

	"github.com/syumai/workers/cloudflare/fetch"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Properties records request.cf on the span: cloudflare.colo, cloudflare.asn, geo.* down to the city and the postal code, tls.*
// and network.protocol.version. It records nothing where there is no request.cf. Use it in workers.Config.OnRequest.
func Properties(span *trace.Span, r *http.Request) {
	cf, err := fetch.NewIncomingProperties(r.Context())
	if err != nil {
		return
	}
	var a httpconv.Attributes
	add := func(key, value string) { a.String(key, known(value)) }
	add("cloudflare.colo", cf.Colo)
	a.Number("cloudflare.asn", int64(cf.Asn), 1)
	add("geo.continent.code", cf.Continent)
	add("geo.country.iso_code", cf.Country)
	add("geo.region.iso_code", regionCode(cf.Country, cf.RegionCode))
	add("geo.locality.name", cf.City)
	add("geo.postal_code", cf.PostalCode)
	if version, ok := strings.CutPrefix(cf.TLSVersion, "TLSv"); ok {
		add("tls.protocol.name", "tls")
		add("tls.protocol.version", version)
		add("tls.cipher", httpconv.Cipher(cf.TLSCipher))
	}
	if version, ok := strings.CutPrefix(cf.HttpProtocol, "HTTP/"); ok {
		add("network.protocol.version", version)
	}
	span.SetAttributes(a.List()...)
}
