package host

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// hostCall is an implementation, and the numbers of parameters with which it can be called.
type hostCall struct {
	params int
	fn     hostFunc
}

// hostCalls has every host call by module and name. Each abi_ file has a function that returns a map of its calls, so this function
// shows the complete list.
func hostCalls() map[string]map[string]hostCall {
	return map[string]map[string]hostCall{
		"fastly_abi":              {"init": {1, abiInit}},
		"fastly_http_req":         requestCalls(),
		"fastly_http_resp":        responseCalls(),
		"fastly_http_body":        bodyCalls(),
		"fastly_http_downstream":  downstreamCalls(),
		"fastly_async_io":         asyncCalls(),
		"fastly_backend":          backendCalls(),
		"fastly_log":              logCalls(),
		"fastly_compute_runtime":  runtimeCalls(),
		"fastly_config_store":     configCalls(),
		"fastly_dictionary":       configCalls(),
		"fastly_secret_store":     secretCalls(),
		"fastly_kv_store":         kvCalls(),
		"fastly_object_store":     objectCalls(),
		"fastly_geo":              geoCalls(),
		"fastly_device_detection": deviceCalls(),
		"fastly_acl":              aclCalls(),
		"fastly_erl":              erlCalls(),
		"fastly_shielding":        shieldingCalls(),
		"fastly_cache":            cacheCalls(),
		"fastly_purge":            purgeCalls(),
	}
}

func abiInit(c *call) status {
	if c.u64(0) != 1 {
		return statusError
	}
	return statusOK
}

// legacy maps the names of the first ABI, whose calls are all in module "env", to today's modules.
var legacy = []struct{ prefix, module string }{
	{"xqd_body_", "fastly_http_body"},
	{"xqd_log_", "fastly_log"},
	{"xqd_req_", "fastly_http_req"},
	{"xqd_resp_", "fastly_http_resp"},
	{"xqd_pending_", "fastly_http_req"},
	{"xqd_dictionary_", "fastly_dictionary"},
	{"xqd_", "fastly_abi"},
}

func modern(module, name string) (string, string) {
	if module != "env" {
		return module, name
	}
	for _, l := range legacy {
		if rest, ok := strings.CutPrefix(name, l.prefix); ok {
			if l.prefix == "xqd_pending_" {
				rest = "pending_" + rest
			}
			if rest == "close_downstream" {
				rest = "close"
			}
			return l.module, rest
		}
	}
	return module, name
}

// link instantiates the modules that the guest imports from, with exactly the functions that it imports. A function that is
// unknown, or has other parameters, answers 'unsupported'.
func (h *Host) link(ctx context.Context, guest wazero.CompiledModule) error {
	known := hostCalls()
	imports := map[string][]api.FunctionDefinition{}
	for _, def := range guest.ImportedFunctions() {
		module, _, _ := def.Import()
		imports[module] = append(imports[module], def)
	}
	for _, module := range slices.Sorted(maps.Keys(imports)) {
		if module == wasiModule {
			continue
		}
		builder := h.runtime.NewHostModuleBuilder(module)
		for _, def := range imports[module] {
			_, name, _ := def.Import()
			fn := h.implementation(known, module, name, len(def.ParamTypes()))
			builder.NewFunctionBuilder().
				WithGoModuleFunction(h.cfg.between.wrapped(module+"."+name, h.bind(fn, len(def.ResultTypes()))), def.ParamTypes(), def.ResultTypes()).
				Export(name)
		}
		if _, err := builder.Instantiate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// implementation returns what a guest calls that imports a function with this number of parameters.
func (h *Host) implementation(known map[string]map[string]hostCall, module, name string, params int) hostFunc {
	today, todayName := modern(module, name)
	call, ok := known[today][todayName]
	switch {
	case !ok:
		return h.unsupported(module + "." + name)
	case call.params != params:
		return h.unsupported(fmt.Sprintf("%s.%s with %d parameters instead of %d", module, name, params, call.params))
	}
	return call.fn
}

// bind wraps an implementation for the engine.
func (h *Host) bind(fn hostFunc, results int) api.GoModuleFunc {
	return func(ctx context.Context, mod api.Module, stack []uint64) {
		sb, _ := ctx.Value(sandboxKey{}).(*sandbox)
		c := call{host: h, sb: sb, mem: mod.Memory(), args: stack}
		answer := c.run(fn)
		if results > 0 {
			stack[0] = uint64(answer)
		}
	}
}

// between stands between the guest and the host, so that a test sees all calls and can let some fail.
type between struct {
	wrap func(name string, call api.GoModuleFunc) api.GoModuleFunc // returns what the guest calls instead of call
	wasi func(wazero.HostModuleBuilder)                            // replaces functions of WASI
}

func (b *between) wrapped(name string, call api.GoModuleFunc) api.GoModuleFunc {
	if b == nil {
		return call
	}
	return b.wrap(name, call)
}

// unsupported prints the name of the call on stderr, the first time that it is called.
func (h *Host) unsupported(name string) hostFunc {
	return func(*call) status {
		h.once("unsupported "+name, "the service called %s, which this host does not implement: the call returned 'unsupported'%s", name, consequences[name])
		return statusUnsupported
	}
}

// consequences are what follows from a call that is not implemented, if the service does not learn of it.
var consequences = map[string]string{
	// compute-sdk-go with the tag fsthttp_guest_cache asks this before each request that it may cache.
	"fastly_http_cache.is_request_cacheable": ". compute-sdk-go therefore sends requests without its cache, and does not call CacheOptions.BeforeSend and AfterSend",
}
