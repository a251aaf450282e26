package incoming

// known returns value, or "" if it is the text of JavaScript's undefined or null, which syumai/workers passes on.
func known(value string) string {
	if value == "<undefined>" || value == "<null>" {
		return ""
	}
	return value
}

// regionCode returns the ISO 3166-2 code of a region, such as "US-TX", or "" if a part of it is not known.
func regionCode(country, region string) string {
	country, region = known(country), known(region)
	if country == "" || region == "" {
		return ""
	}
	return country + "-" + region
}
