package handlers

import (
	"fmt"
	"slices"
	"strings"

	"fund/workflow/lang"
)

// areas are the known names of the development strategy Skellefteå 2030 (domain 3.2).
var areas = []string{"Utbildning och kompetens", "Bo och leva", "Arbetssätt: samarbete och medskapande", "Arbetssätt: förändringsförmåga"}

// areaName is an area of the strategy as a reader of the language knows it; one of an application's own stays as written.
func areaName(l lang.Lang, area string) string {
	if i := slices.Index(areas, area); i >= 0 {
		return lang.T(l, fmt.Sprintf("area.%d", i+1))
	}
	return area
}

// shortAreas are the areas as Case.Areas counts them: without what stands behind a colon.
var shortAreas = []string{"Utbildning och kompetens", "Bo och leva", "Arbetssätt"}

// shortArea is an area as lists and plots call it, in the reader's language; one of an application's own stays as written.
func shortArea(l lang.Lang) func(area string) string {
	return func(area string) string {
		for i, name := range shortAreas {
			if strings.EqualFold(name, area) {
				return lang.T(l, fmt.Sprintf("area.short.%d", i+1))
			}
		}
		return area
	}
}

// shortAreaNames are several.
func shortAreaNames(l lang.Lang, areas []string) (names []string) {
	for _, a := range areas {
		names = append(names, shortArea(l)(a))
	}
	return names
}
