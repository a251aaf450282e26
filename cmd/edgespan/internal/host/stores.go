package host

type (
	kvResult    struct{}
	cacheHandle struct{}
	kvStore     struct{}
	aclList     struct{}
)

func (*cacheHandle) ready() <-chan struct{} { return closed }
func (*cacheHandle) release()               {}
