package workflow

import "encoding/json"

// Clone copies the application so deeply that a change to one is none to the other.
func (a Application) Clone() Application {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err) // plain structs always encode
	}
	var c Application
	if err := json.Unmarshal(b, &c); err != nil {
		panic(err)
	}
	return c
}
