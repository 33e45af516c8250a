package plaintext

import "fmt"

// Letters says whether a bank takes å, ä and ö.
type Letters string

const (
	Swedish Letters = "swedish" // å ä ö are kept
	ASCII   Letters = "ascii"   // å and ä become a, ö becomes o
)

// Validate refuses any other word.
func (l Letters) Validate() error {
	switch l {
	case Swedish, ASCII:
		return nil
	}
	return fmt.Errorf("letters: %q is neither %q nor %q", string(l), Swedish, ASCII)
}
