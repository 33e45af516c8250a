package bank

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed codes/*.json codes/*.txt
var codeFiles embed.FS

// isoTexts are ISO's sentences by list and code, read once.
var isoTexts = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, name := range []string{"payment_group_status", "payment_transaction_status", "status_reason", "return_reason"} {
		var list struct {
			Codes map[string]string `json:"codes"`
		}
		if err := json.Unmarshal(mustRead("codes/"+name+".json"), &list); err != nil {
			panic(fmt.Sprintf("code list %s: %v", name, err))
		}
		out[name] = list.Codes
	}
	return out
})

// elementSets are the element names of each family, read once.
var elementSets = sync.OnceValue(func() map[Kind]map[string]bool {
	out := map[Kind]map[string]bool{}
	for _, kind := range []Kind{Pain002, Camt053, Camt054} {
		set := map[string]bool{}
		for _, name := range strings.Fields(string(mustRead("codes/" + string(kind) + ".elements.txt"))) {
			set[name] = true
		}
		out[kind] = set
	}
	return out
})

func elementNames(kind Kind) map[string]bool { return elementSets()[kind] }

// mustRead reads a file that is part of the program.
func mustRead(name string) []byte {
	data, err := codeFiles.ReadFile(name)
	if err != nil {
		panic(err.Error())
	}
	return data
}

// isoText looks a code up in the lists in order.
func isoText(code string, lists ...string) string {
	for _, l := range lists {
		if text := isoTexts()[l][code]; text != "" {
			return text
		}
	}
	return ""
}
