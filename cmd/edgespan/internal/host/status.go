package host

// status is the result of a host call: the fastly_status of the ABI.
type status uint32

const (
	statusOK             status = 0
	statusError          status = 1
	statusInval          status = 2
	statusBadHandle      status = 3
	statusBufLen         status = 4
	statusUnsupported    status = 5
	statusBadAlign       status = 6
	statusHTTPInvalid    status = 7
	statusHTTPUser       status = 8
	statusHTTPIncomplete status = 9
	statusNone           status = 10
	statusLimit          status = 13
	statusAgain          status = 14
)

// invalidHandle is the ABI's value for no handle.
const invalidHandle = 1<<32 - 2
