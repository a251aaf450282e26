package logendpoint

const advice = "" // on Compute the host's error is enough
