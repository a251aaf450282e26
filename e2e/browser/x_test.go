package browser
import (_ "github.com/chromedp/chromedp"; _ "github.com/stretchr/testify/assert")
