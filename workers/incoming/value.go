package incoming

// known returns a value of request.cf as text, "" where there is none: syumai/workers gives the text of JavaScript's values.
func known(value string) string {
	if value == "<undefined>" || value == "<null>" {
		return ""
	}
	return value
}

// regionCode returns ISO 3166-2's code, such as "US-TX".
func regionCode(country, region string) string {
	country, region = known(country), known(region)
	if country == "" || region == "" {
		return ""
	}
	return country + "-" + region
}
