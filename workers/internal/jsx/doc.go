// Package jsx converts bytes to and from JavaScript, and waits for promises.
package jsx
