package manifest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"
)

// maxVersion is the newest manifest_version that this package knows.
const maxVersion = 3

// Manifest is what a local host needs from a fastly.toml. The zero value describes a service that uses nothing.
type Manifest struct {
	Path         string // the file; empty if there is none
	Name         string
	Build        string          // the build command of [scripts] as a line for a shell, or empty
	LogEndpoints map[string]bool // declared by [setup.log_endpoints] or [local_server.log_endpoints]

	Backends     map[string]*Backend
	ConfigStores map[string]ConfigStore
	SecretStores map[string]map[string][]byte
	KVStores     map[string]map[string]KVEntry
	ACLs         map[string]ACL
	Geo          Geo
	Devices      Devices
	Shields      map[string]Shield
	FastlyKeys   map[string]bool // values of the fastly-key header that count as valid

	Notices []string // what is accepted but probably not intended, such as a section that nothing reads
}

// Read reads and checks the file. If there is an error, the manifest has the notices up to it.
func Read(path string) (*Manifest, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Manifest{}, fmt.Errorf("no manifest at %s: run edgespan in the folder of your service, or name its fastly.toml with --manifest (an empty file is enough for a service without backends and stores)", path)
	}
	if info, failed := os.Stat(path); failed == nil && info.IsDir() {
		return &Manifest{}, fmt.Errorf("%s is a folder: give --manifest the fastly.toml in it", path)
	}
	if err != nil {
		return &Manifest{}, fmt.Errorf("manifest: %w", err)
	}
	m, err := Parse(string(data), filepath.Dir(path))
	m.Path = path
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return m, err
}

// Parse is Read for a text. Relative file names are relative to dir.
func Parse(text, dir string) (*Manifest, error) {
	m := &Manifest{LogEndpoints: map[string]bool{}}
	return m, m.parse(text, dir)
}

func (m *Manifest) parse(text, dir string) error {
	var top map[string]any
	if _, err := toml.Decode(text, &top); err != nil {
		var pe toml.ParseError
		if errors.As(err, &pe) {
			return fmt.Errorf("line %d: %s", pe.Position.Line, pe.Message)
		}
		return err
	}
	root := table{at: "", m: top, dir: dir, notes: &m.Notices}
	m.Name, _ = top["name"].(string)
	if v, ok := top["manifest_version"].(int64); ok && v > maxVersion {
		return fmt.Errorf("manifest_version %d is newer than the newest that this version of edgespan reads (%d): update edgespan", v, maxVersion)
	}

	root.expectTop()
	m.Build = root.build()
	setup, err := root.sub("setup")
	if err != nil {
		return err
	}
	local, err := root.sub("local_server")
	if err != nil {
		return err
	}
	setup.expectSetup()
	local.expectSections()
	for _, section := range []table{setup, local} {
		endpoints, err := section.sub("log_endpoints")
		if err != nil {
			return err
		}
		for _, name := range endpoints.keys() {
			m.LogEndpoints[name] = true
		}
	}

	for _, read := range []func(table) error{
		m.readBackends, m.readConfigStores, m.readSecretStores, m.readKVStores,
		m.readACLs, m.readGeo, m.readDevices, m.readShields, m.readFastlyKeys,
	} {
		if err := read(local); err != nil {
			return err
		}
	}
	return nil
}

func (m *Manifest) readFastlyKeys(local table) error {
	m.FastlyKeys = map[string]bool{}
	list, ok := local.m["fake_valid_fastly_keys"]
	if !ok {
		return nil
	}
	items, ok := list.([]any)
	if !ok {
		return local.errorf("fake_valid_fastly_keys must be an array of strings")
	}
	for _, item := range items {
		key, ok := item.(string)
		if !ok {
			return local.errorf("fake_valid_fastly_keys must be an array of strings")
		}
		m.FastlyKeys[key] = true
	}
	return nil
}
