package remoteconfig

import (
	"errors"

	"github.com/fastly/compute-sdk-go/configstore"
)

// ConfigStore returns a function for [Config.Source] that reads the Fastly config store with this name. If the key is missing
// in the store, there is no document. If the service is not linked to the store, that is an error.
func ConfigStore(name string) func(key string) (string, error) {
	return func(key string) (string, error) {
		store, err := configstore.Open(name) // opened each time: a handle from an earlier request may not see newer values
		if err == nil {
			var text string
			if text, err = store.Get(key); err == nil {
				return text, nil
			}
		}
		if err == configstore.ErrKeyNotFound {
			return "", nil
		}
		return "", errors.New("config store " + quote(name) + ": " + err.Error())
	}
}
