package logendpoint

import "strconv"

// statusNames holds the names of the host's statuses, as compute-sdk-go has them. The index is the status.
var statusNames = [...]string{"OK", "Error", "Inval", "Badf", "BufLen", "Unsupported", "BadAlign", "HTTPInvalid", "HTTPUser", "HTTPIncomplete",
	"None", "HTTPHeadTooLarge", "HTTPInvalidStatus", "LimitExceeded", "Again"}

func statusText(status uint32) string {
	if status < uint32(len(statusNames)) {
		return statusNames[status]
	}
	return "FastlyStatus(" + strconv.FormatUint(uint64(status), 10) + ")"
}
