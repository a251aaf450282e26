// Command run runs a WASI program on wazero with a directory as its root.
//
//	run [-ro] [-random SOURCE] FOLDER PROGRAM.wasm ARGUMENTS…
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing/iotest"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

// sources are the host's randomness, by the name that the flag has for it.
var sources = map[string]io.Reader{"good": rand.Reader, "none": iotest.ErrReader(errors.New("no randomness")), "zeros": zeros{}}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func main() {
	readOnly := flag.Bool("ro", false, "the folder can't be written to")
	random := flag.String("random", "good", "the host's randomness: good, none or zeros")
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: run [-ro] [-random SOURCE] FOLDER PROGRAM.wasm ARGUMENTS…")
		os.Exit(2)
	}
	if err := run(*readOnly, *random, flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
		os.Exit(1)
	}
}

func run(readOnly bool, random, folder string, args []string) error {
	ctx := context.Background()
	program, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	config := wazero.NewRuntimeConfig()
	if cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(filepath.Dir(args[0]), "compiled")); err == nil {
		config = config.WithCompilationCache(cache)
	}
	r := wazero.NewRuntimeWithConfig(ctx, config)
	defer r.Close(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	mounts := wazero.NewFSConfig().WithDirMount(folder, "/")
	if readOnly {
		mounts = wazero.NewFSConfig().WithReadOnlyDirMount(folder, "/")
	}
	_, err = r.InstantiateWithConfig(ctx, program, wazero.NewModuleConfig().WithArgs(args...).WithEnv("PWD", "/").
		WithFSConfig(mounts).WithStdout(os.Stdout).WithStderr(os.Stderr).WithSysWalltime().WithSysNanotime().WithRandSource(sources[random]))
	if exit, ok := err.(*sys.ExitError); ok && exit.ExitCode() == 0 {
		return nil
	}
	return err
}
