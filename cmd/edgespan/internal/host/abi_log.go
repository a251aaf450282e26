package host

import "strings"

func logCalls() map[string]hostCall {
	return map[string]hostCall{
		"endpoint_get": {3, func(c *call) status {
			name := string(c.bytes(0))
			if reservedEndpoint(name) {
				return statusInval
			}
			c.putU32(2, c.sb.endpoints.open(name, name, nil))
			return statusOK
		}},
		"write": {4, func(c *call) status {
			name := *c.sb.endpoints.get(c.u32(0))
			msg := c.bytes(1)
			if !c.host.manifest.LogEndpoints[name] {
				c.host.onceNamed("endpoint "+name, "the service logs to %s, which the manifest does not declare: in production these lines are lost "+
					"unless the service has that endpoint. Declare it with [setup.log_endpoints.%s]", quoted(name), tomlKey(name))
			}
			writeLog(c.host.stdout, name, msg)
			c.putU32(3, uint32(len(msg)))
			return statusOK
		}},
	}
}

// reservedEndpoint tells whether the platform reserves this name.
func reservedEndpoint(name string) bool {
	name = strings.ToLower(name)
	return name == "stdout" || name == "stderr" || strings.HasPrefix(name, "fst_managed_")
}
