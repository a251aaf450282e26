package logendpoint

const advice = "" // on Compute the host's status says it all
