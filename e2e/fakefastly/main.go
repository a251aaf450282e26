// Command fakefastly is the part of Fastly's API that the Fastly CLI needs to deploy a Compute service. It keeps everything in
// memory.
//
// It is as strict as the API: a token is required, an activated version cannot be changed, names are unique within a version,
// and a version needs a package and a backend to be activated. It answers 404 to anything that it does not know, and marks that
// UNKNOWN in its output.
//
// The CLI uses two servers, and the fake is both: set FASTLY_API_ENDPOINT and FASTLY_ACCOUNT_ENDPOINT.
//
// The first line on stdout is the address on which it listens. Each following line is one request: status, method, path, and
// the form's fields by name. Query strings and file contents are left out.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	token := flag.String("token", "fake-token", "the only API token that is accepted")
	refused := flag.String("refuse", "", "answer 422 to every path that ends like this, to see a deploy fail on the way")
	flag.Parse()

	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ln.Addr())
	log.Fatal(http.Serve(ln, record(os.Stdout, authenticate(*token, refuse(*refused, newAPI())))))
}
