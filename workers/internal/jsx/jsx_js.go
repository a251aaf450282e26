package jsx

import "syscall/js"

// Error is what a promise was rejected with, or what JavaScript has thrown.
type Error struct{ Name, Message string }

func (e *Error) Error() string { return e.Name + ": " + e.Message }

func errorOf(v js.Value) error {
	e := &Error{Name: "Error", Message: js.Global().Get("String").Invoke(v).String()}
	if v.Type() == js.TypeObject {
		if name := v.Get("name"); name.Type() == js.TypeString {
			e.Name = name.String()
		}
		if message := v.Get("message"); message.Type() == js.TypeString {
			e.Message = message.String()
		}
	}
	return e
}

// Object returns a new object.
func Object() js.Value { return js.Global().Get("Object").New() }

// Bytes returns a copy as a Uint8Array.
func Bytes(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}

// GoBytes returns a copy of a Uint8Array.
func GoBytes(array js.Value) []byte {
	b := make([]byte, array.Get("length").Int())
	js.CopyBytesToGo(b, array)
	return b
}

// Await returns what a promise comes to.
func Await(promise js.Value) (js.Value, error) {
	type outcome struct {
		v   js.Value
		err error
	}
	done := make(chan outcome, 1)
	first := func(args []js.Value) js.Value {
		if len(args) == 0 {
			return js.Undefined()
		}
		return args[0]
	}
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{v: first(args)}
		return nil
	})
	defer fulfilled.Release()
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{err: errorOf(first(args))}
		return nil
	})
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	o := <-done
	return o.v, o.err
}

// Fetch is fetch, with what it throws, such as for a URL that is none, as an error.
func Fetch(url string, init js.Value) (resp js.Value, err error) {
	defer func() {
		if v := recover(); v != nil {
			thrown, ok := v.(js.Error)
			if !ok {
				panic(v)
			}
			err = errorOf(thrown.Value)
		}
	}()
	return Await(js.Global().Get("fetch").Invoke(url, init)) // its this may not be syumai/workers' global, a Proxy
}

// ReadAtMost reads a ReadableStream, or null, and cancels it when there is more than limit.
func ReadAtMost(stream js.Value, limit int) ([]byte, error) {
	if stream.IsNull() || stream.IsUndefined() {
		return nil, nil
	}
	var body []byte
	reader := stream.Call("getReader")
	for len(body) < limit {
		chunk, err := Await(reader.Call("read"))
		if err != nil {
			return body, err
		}
		if chunk.Get("done").Bool() {
			return body, nil
		}
		body = append(body, GoBytes(chunk.Get("value"))...)
	}
	_, _ = Await(reader.Call("cancel"))
	return body[:limit], nil
}
