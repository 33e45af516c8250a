package handlers

import "testing"

func TestHeadMovesWhatARoundDidNotUse(t *testing.T) {
	t.Parallel()
	v := newSchool(t)
	v.stage.round("HT26")
	v.plain("head", "/rounds/VT26/move", 422, "to", "HT26", "move_amount", "1 000", "move_reason", "Kvar.") // still open
	v.at("2026-05-01T09:00:00+02:00")
	v.says(v.get("head", "/rounds/VT26", 200), "Flytta det som är kvar")
	v.plain("head", "/rounds/VT26/move", 422, "to", "HT26", "move_amount", "900 000", "move_reason", "Kvar.")
	v.plain("head", "/rounds/VT26/move", 422, "to", "HT26", "move_amount", "1 000", "move_reason", " ")
	v.plain("admin", "/rounds/VT26/move", 403, "to", "HT26", "move_amount", "1 000", "move_reason", "Kvar.")
	v.plain("head", "/rounds/VT26/move", 303, "to", "HT26", "move_amount", "1 000", "move_reason", "Kvar efter våren.")
	v.says(v.get("head", "/rounds/HT26", 200), "401 000 kr", "Pengar från en annan omgång, VT26: 1 000 kr", "Kvar efter våren.")
	v.says(v.get("head", "/rounds/VT26", 200), "Pengar till en annan omgång, HT26: 1 000 kr", "Kvar efter våren.")
}
