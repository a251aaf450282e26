//go:build !js

package workers

import "os"

const clockStandsStill = false

func variable(name string) string { return os.Getenv(name) }

func versionMetadata() Version { return Version{} }
