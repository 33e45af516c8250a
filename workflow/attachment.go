package workflow

import "slices"

// Attach adds a file, or replaces one of the same kind when it names it.
type Attach struct {
	File     Attachment
	Replaces int64
}

func (Attach) Action() Action { return ActAttach }

// may: the officer adds the papers of an application that came on paper, and of no other.
func (k *Attach) may(t *turn) error {
	if t.App.Channel != "paper" && !t.App.IsApplicant(t.by.Person) {
		return Forbidden{Code: "role"}
	}
	return nil
}

func (k *Attach) check(t *turn) {
	if !slices.Contains(AttachmentKinds, k.File.Kind) {
		t.fault("kind", "choice")
	}
	if k.Replaces == 0 {
		return
	}
	i := slices.IndexFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.Replaces })
	switch {
	case i < 0:
		t.fault("replaces", "unknown")
	case t.App.IsFiled() && (t.App.State != CompletionRequested || !t.App.Attachments[i].At.After(t.App.Completion.AskedAt)):
		t.fault("replaces", "already_filed") // what was filed stays; a new file stands beside it
	}
}

func (k *Attach) apply(t *turn) {
	if k.Replaces != 0 {
		t.App.Attachments = slices.DeleteFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.Replaces })
	}
	t.App.Attachments = append(t.App.Attachments, k.File)
	t.note("attachment", k.File.ID, "kind", k.File.Kind, "name", k.File.Name, "sha256", k.File.SHA256)
	if k.File.Consent != nil {
		t.note("consent", true)
	}
}

// FileScanned is what the virus scanner said of a file, at once or when it answered again.
type FileScanned struct {
	ID   int64
	Scan string // clean | infected
}

func (FileScanned) Action() Action { return ActScanFile }

func (k *FileScanned) apply(t *turn) {
	for i := range t.App.Attachments {
		if t.App.Attachments[i].ID == k.ID {
			t.App.Attachments[i].Scan = k.Scan
			t.note("kind", t.App.Attachments[i].Kind)
		}
	}
	t.note("attachment", k.ID, "scan", k.Scan)
	if k.Scan == "infected" {
		t.mail("other", "applicant")
	}
}

// Detach takes a file out of a draft, or out of a named point of a completion.
type Detach struct{ ID int64 }

func (Detach) Action() Action { return ActDetach }

func (k *Detach) check(t *turn) {
	i := slices.IndexFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.ID })
	if i < 0 {
		t.fault("attachment", "unknown")
		return
	}
	if t.App.State == CompletionRequested && !t.App.Attachments[i].At.After(t.App.Completion.AskedAt) {
		t.fault("attachment", "already_filed")
	}
}

func (k *Detach) apply(t *turn) {
	t.App.Attachments = slices.DeleteFunc(t.App.Attachments, func(x Attachment) bool { return x.ID == k.ID })
	t.note("attachment", k.ID)
}
