package workflow

// AddDocument is the machine adding a letter or receipt that it made.
type AddDocument struct{ Document Document }

func (AddDocument) Action() Action { return ActAddDocument }

func (k *AddDocument) apply(t *turn) {
	t.App.Documents = append(t.App.Documents, k.Document)
	t.note("document", k.Document.ID, "kind", k.Document.Kind, "sha256", k.Document.SHA256)
}

// Note is the machine noting something in the case's history, such as a school's block.
type Note struct {
	Code string
	Data map[string]any
}

func (Note) Action() Action { return ActNote }

func (k *Note) apply(t *turn) {
	t.note("code", k.Code)
	for name, v := range k.Data {
		t.note(name, v)
	}
}
