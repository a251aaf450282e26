package otlp_test

import (
	"math"
)

var nan, inf = math.NaN(), math.Inf(1)
