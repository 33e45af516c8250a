package lang

import (
	"slices"
	"testing"
)

func TestCompareIsSwedish(t *testing.T) {
	t.Parallel()
	got := []string{"Örjan", "Ängeby", "zoo", "Åland", "Estland", "Danmark", "élan"}
	slices.SortFunc(got, Compare)
	if want := []string{"Danmark", "élan", "Estland", "zoo", "Åland", "Ängeby", "Örjan"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
