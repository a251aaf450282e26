package host

// status is what a host call answers: the fastly_status of the ABI.
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

// invalidHandle is what the ABI calls no handle at all.
const invalidHandle = 1<<32 - 2
