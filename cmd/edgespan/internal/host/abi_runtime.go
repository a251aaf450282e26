package host

func runtimeCalls() map[string]hostCall {
	no := func(c *call) status {
		c.putU32(0, 0)
		return statusOK
	}
	return map[string]hostCall{
		"get_vcpu_ms": {1, func(c *call) status {
			c.putU64(0, uint64(c.sb.vcpu().Milliseconds()))
			return statusOK
		}},
		"get_heap_mib": {1, func(c *call) status {
			c.putU32(0, (c.mem.Size()+1<<20-1)>>20)
			return statusOK
		}},
		"has_domain_inspector": {1, no},
		"has_image_optimizer":  {1, no},
		"has_origin_inspector": {1, no},
	}
}
