package remoteconfig

import (
	"errors"

	"github.com/fastly/compute-sdk-go/configstore"
)

// ConfigStore returns the Source that reads the Fastly config store of that name. A key that is not there is no document; a
// store that the service is not linked to is an error.
func ConfigStore(name string) func(key string) (string, error) {
	return func(key string) (string, error) {
		store, err := configstore.Open(name) // each time: a handle from an earlier request may know less
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
