package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fund/workflow"
)

// grantsAPage is how many grants a page of the registry shows.
const grantsAPage = 20

// grantPlace is a grant's place in the registry: the newest decision first, and
// of one instant by the stable id. Pages go on from a place, so that a grant
// that is added meanwhile moves none from one page to the next.
type grantPlace struct {
	at int64 // microseconds
	id string
}

func placeOf(k workflow.Case) grantPlace {
	return grantPlace{k.App.Decision.DecidedAt.UnixMicro(), openGrantID(k)}
}

func (p grantPlace) compare(q grantPlace) int {
	return cmp.Or(cmp.Compare(q.at, p.at), strings.Compare(p.id, q.id))
}

func (p grantPlace) String() string { return strconv.FormatInt(p.at, 10) + "." + p.id }

// readPlace reads a place from an address; ok is false for what is none.
func readPlace(s string) (p grantPlace, ok bool) {
	at, id, found := strings.Cut(s, ".")
	n, err := strconv.ParseInt(at, 10, 64)
	return grantPlace{n, id}, found && err == nil
}

// newestFirst sorts grants by their place.
func newestFirst(list []workflow.Case) {
	slices.SortFunc(list, func(a, b workflow.Case) int { return placeOf(a).compare(placeOf(b)) })
}

// pageOfGrants cuts a page out of sorted grants: after a place, before one, or
// the first. The addresses to its neighbours keep the rest of the query.
func pageOfGrants(list []workflow.Case, q url.Values) (shown []workflow.Case, p Pager) {
	first := 0
	from := func(place grantPlace, past int) int { // the first grant that lies past the place
		if i := slices.IndexFunc(list, func(k workflow.Case) bool { return placeOf(k).compare(place) >= past }); i >= 0 {
			return i
		}
		return len(list)
	}
	if place, ok := readPlace(q.Get("after")); ok {
		if first = from(place, 1); first == len(list) {
			first = 0
		}
	} else if place, ok := readPlace(q.Get("before")); ok {
		first = max(0, from(place, 0)-grantsAPage)
	}
	last := min(len(list), first+grantsAPage)
	shown = list[first:last]
	to := func(name string, k workflow.Case) string {
		v := kept(q)
		v.Set(name, placeOf(k).String())
		return "/registry?" + v.Encode()
	}
	p = Pager{Shown: len(shown), Total: len(list)}
	if first > 0 {
		p.Previous = to("before", list[first])
	}
	if last < len(list) {
		p.Next = to("after", list[last-1])
	}
	return shown, p
}

// kept is what an address chooses, without where in the list it stands.
func kept(q url.Values) url.Values {
	v := url.Values{}
	for name, x := range q {
		if !slices.Contains([]string{"after", "before", "page", "lang"}, name) && x[0] != "" {
			v[name] = x[:1]
		}
	}
	return v
}
