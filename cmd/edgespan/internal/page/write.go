package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in order. They share one scope that nothing else can see.
var scripts = []string{"text.js", "data.js", "virtual.js", "list.js", "timeline.js", "tree.js", "detail.js", "main.js"}

var (
	style  = asset("page.css")
	script = joinScripts()
	shell  = asset("page.html")
)

func asset(name string) []byte {
	b, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // the binary is damaged
	}
	return b
}

func joinScripts() []byte {
	var b bytes.Buffer
	b.WriteString("(() => {\n'use strict';\n")
	for _, name := range scripts {
		b.Write(asset(name))
	}
	b.WriteString("})();\n")
	return b.Bytes()
}

// Write writes a self-contained page with the traces.
func Write(w io.Writer, list []*traces.Trace, title string) error {
	head := fmt.Sprintf(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'">`,
		hashOf(style), hashOf(script))
	page := bytes.NewBuffer(nil)
	before, after, _ := bytes.Cut(shell, []byte("<!--head-->"))
	page.Write(before)
	page.WriteString(head + "\n<style>")
	page.Write(style)
	page.WriteString("</style>")
	middle, end, _ := bytes.Cut(after, []byte("<!--end-->"))
	page.Write(middle)
	page.WriteString(`<script type="application/json" id="data">{"title":`)
	if _, err := w.Write(page.Bytes()); err != nil {
		return err
	}
	// The encoder escapes <, > and &, so nothing in a trace can end the script element.
	out := json.NewEncoder(w)
	if err := out.Encode(title); err != nil {
		return err
	}
	if _, err := io.WriteString(w, `,"traces":[`); err != nil {
		return err
	}
	for i, t := range list {
		if i > 0 {
			if _, err := io.WriteString(w, ","); err != nil {
				return err
			}
		}
		if err := out.Encode(modelOf(t)); err != nil {
			return err
		}
	}
	page.Reset()
	page.WriteString("]}</script>\n<script>")
	page.Write(script)
	page.WriteString("</script>")
	page.Write(end)
	_, err := w.Write(page.Bytes())
	return err
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
