package workflow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestMergeOfTwoWriters(t *testing.T) {
	t.Parallel()
	row := func(words ...string) []any {
		list := []any{}
		for _, w := range words {
			list = append(list, map[string]any{"goal": w})
		}
		return list
	}
	line := func(n int, text string) any { return map[string]any{"line": n, "text": text} }
	for _, tt := range []struct {
		name               string
		base, mine, theirs any
		want               any
		clash              bool
	}{
		{"only I wrote", "a", "b", "a", "b", false},
		{"only they wrote", "a", "a", "b", "b", false},
		{"both wrote the same", "a", "b", "b", "b", false},
		{"both wrote, each in their own way", "a", "b", "c", "c", true},
		{"I emptied what they wrote", "a", nil, "b", "b", true},
		{"nothing and no text are the same", nil, "", "b", "b", false},
		{"numbers of any type", 1.0, int64(1), 2, 2, false},
		{"rows of their own", row("a", "b"), row("A", "b"), row("a", "B"), row("A", "B"), false},
		{"the same row", row("a"), row("A"), row("Å"), row("Å"), true},
		{"a row each", row("a"), row("a", "mine"), row("a", "theirs"), row("a", "theirs", "mine"), false},
		{"they removed a row that I changed", row("a", "b"), row("a", "B"), row("b"), row("b"), true},
		{"I moved a row, they added one", row("a", "b"), row("b", "a"), row("a", "b", "c"), row("b", "a", "c"), false},
		{"both added a budget line", []any{line(1, "a")}, []any{line(1, "a"), line(2, "m")}, []any{line(1, "a"), line(2, "t")}, []any{line(1, "a"), line(2, "t"), line(3, "m")}, false},
		{"the same post again", []any{line(1, "a")}, []any{line(1, "a"), line(2, "m")}, []any{line(1, "a"), line(2, "t"), line(3, "m")}, []any{line(1, "a"), line(2, "t"), line(3, "m")}, false},
		{"they added a row before one that I change", row("a", "m"), row("a", "M"), row("a", "t", "m"), row("a", "t", "M"), false},
		{"they added before and I after", row("a", "b"), row("a", "b", "m"), row("t", "a", "b"), row("t", "a", "b", "m"), false},
		{"they changed one and added one", row("a", "b"), row("A", "b"), row("a", "B", "t"), row("A", "B", "t"), false},
		{"chosen areas", []any{"x", "y"}, []any{"x", "y", "z"}, []any{"y"}, []any{"y", "z"}, false},
	} {
		merged, clashes := MergeValues(Values{"f": tt.base}, Values{"f": tt.mine}, Values{"f": tt.theirs})
		if !same(merged["f"], tt.want) || (len(clashes) > 0) != tt.clash {
			t.Errorf("%s: got %v (clashes %v), want %v (%v)", tt.name, merged["f"], clashes, tt.want, tt.clash)
		}
	}
	// A funding row that names the line I added would name theirs: somebody has to say which.
	mine := Values{"f": []any{line(1, "a"), line(2, "m")}, "funding": []any{map[string]any{"source": "s", "covers": []any{2}}}}
	if _, clashes := MergeValues(Values{"f": []any{line(1, "a")}}, mine, Values{"f": []any{line(1, "a"), line(2, "t")}}); len(clashes) != 1 || clashes[0].Field != "f" {
		t.Errorf("a named line: %v", clashes)
	}
	if merged, clashes := MergeValues(nil, Values{"a": "1", "b": "2"}, Values{"a": "1", "b": "3"}); len(clashes) != 1 || merged["b"] != "3" {
		t.Errorf("without a base: %v %v", merged, clashes)
	}
}

// TestMergeAfterAnAnswerThatNeverCame: a post was sent, its answer was lost, and more was typed. Whether it
// was saved or not, the next post is no clash with it, and what others did stays.
func TestMergeAfterAnAnswerThatNeverCame(t *testing.T) {
	t.Parallel()
	line := func(n int, text string) any { return map[string]any{"line": n, "text": text} }
	lines := func(texts ...string) any {
		list := []any{}
		for i, text := range texts {
			list = append(list, line(i+1, text))
		}
		return list
	}
	for _, tt := range []struct {
		name                     string
		base, sent, mine, theirs any
		want                     any
		clash                    bool
	}{
		{"a text that was saved", nil, "Att", "Att jämföra", "Att", "Att jämföra", false},
		{"a text that was not", nil, "Att", "Att jämföra", nil, "Att jämföra", false},
		{"a text that another wrote over", nil, "Att", "Att jämföra", "Bo", "Bo", true},
		{"a text taken back", "a", "b", "a", "b", "a", false},
		{"a row that was saved", lines(), lines("Bus"), lines("Buss"), lines("Bus"), lines("Buss"), false},
		{"a row that was not", lines("Tåg"), lines("Tåg", "Bus"), lines("Tåg", "Buss"), lines("Tåg"), lines("Tåg", "Buss"), false},
		{"a row that came already in its last words", lines("Tåg"), lines("Tåg", "Bus"), lines("Tåg", "Buss"), lines("Tåg", "Buss"), lines("Tåg", "Buss"), false},
		{"a saved row beside another's", lines("Tåg"), lines("Tåg", "Bus"), lines("Tåg", "Buss"), lines("Tåg", "Mat", "Bus"), lines("Tåg", "Mat", "Buss"), false},
		{"a row that I removed and they have", lines("Tåg", "Bus"), lines("Tåg"), lines("Tåg"), lines("Tåg", "Bus"), lines("Tåg"), false},
	} {
		theirs := Values{"f": tt.theirs}
		merged, clashes := MergeValues(Unheard(Values{"f": tt.base}, theirs, Values{"f": tt.sent}), Values{"f": tt.mine}, theirs)
		if !same(merged["f"], tt.want) || (len(clashes) > 0) != tt.clash {
			t.Errorf("%s: got %v (clashes %v), want %v (%v)", tt.name, merged["f"], clashes, tt.want, tt.clash)
		}
	}
	// Of several, the last that came is compared with.
	theirs := Values{"f": "ab"}
	if got := Unheard(Values{"f": nil}, theirs, Values{"f": "a"}, Values{"f": "ab"}, Values{"f": "abc"}); got["f"] != "ab" {
		t.Errorf("several: %v", got)
	}
	if Unheard(nil, theirs, theirs) != nil {
		t.Error("a base that nobody knows is known")
	}
}

// anyValues draws fields with texts, numbers, rows and chosen words, few enough to collide often.
func anyValues(t *rapid.T, label string) Values {
	v := Values{}
	text := rapid.SampledFrom([]any{nil, "", "a", "b", "c"})
	for _, f := range []string{"t1", "t2"} {
		v[f] = text.Draw(t, label+f)
	}
	rows := []any{}
	for _, w := range rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3).Draw(t, label+"rows") {
		rows = append(rows, map[string]any{"text": w})
	}
	words := []any{}
	for _, w := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"x", "y", "z"}), 0, 3, rapid.ID[string]).Draw(t, label+"words") {
		words = append(words, w)
	}
	v["rows"], v["words"] = rows, words
	return v
}

func TestMergeLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, mine, theirs := anyValues(t, "base"), anyValues(t, "mine"), anyValues(t, "theirs")
		merged, clashes := MergeValues(base, mine, theirs)
		clash := func(list []Clash, f string) bool {
			return slices.ContainsFunc(list, func(c Clash) bool { return c.Field == f })
		}
		for f := range mine {
			mineNew, theirsNew := !same(mine[f], base[f]), !same(theirs[f], base[f])
			switch {
			case !theirsNew && !same(merged[f], mine[f]):
				t.Fatalf("%s: only I changed it, got %v", f, merged[f])
			case !mineNew && !same(merged[f], theirs[f]):
				t.Fatalf("%s: only they changed it, got %v", f, merged[f])
			case clash(clashes, f) && (!mineNew || !theirsNew || !same(merged[f], theirs[f])):
				t.Fatalf("%s: a clash that is none, or that overwrites", f)
			}
			if f == "t1" && mineNew && theirsNew && !same(mine[f], theirs[f]) && !clash(clashes, f) {
				t.Fatalf("%s: both changed it and nobody is asked", f)
			}
		}
		// Every row that somebody wrote is somewhere, if nobody is asked.
		if rows, _ := listOf(merged["rows"]); !clash(clashes, "rows") {
			for _, side := range []Values{mine, theirs} {
				list, _ := listOf(side["rows"])
				before, _ := listOf(base["rows"])
				for i, r := range list {
					if i >= len(before) && !slices.ContainsFunc(slices.Concat(before, rows), func(x any) bool { return same(x, r) }) {
						t.Fatalf("row %v was lost: %v", r, rows)
					}
				}
			}
		}
		// Who asks first makes no difference to what is asked.
		if _, other := MergeValues(base, theirs, mine); len(other) != len(clashes) {
			t.Fatalf("asked %v from one side and %v from the other", clashes, other)
		}
		// What was merged is merged: the same post again changes nothing.
		if again, more := MergeValues(base, mine, merged); len(clashes) == 0 && len(more) == 0 {
			for f := range mine {
				if f != "rows" && !same(again[f], merged[f]) {
					t.Fatalf("%s: a second post makes %v of %v", f, again[f], merged[f])
				}
			}
		}
	})
}
