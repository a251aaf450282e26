//go:build !js

package json

import "strconv"

func appendFinite(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'g', -1, 64) }
