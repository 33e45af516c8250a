package main

import "fund/workflow"

// areas are the parts of Skellefteå 2030 that the story's application names.
func (st story) areas() []string {
	switch len(st.title) % 3 {
	case 1:
		return []string{"Bo och leva"}
	case 2:
		return []string{"Utbildning och kompetens", "Arbetssätt: medskapande"}
	}
	return []string{"Utbildning och kompetens"}
}

// reached are the school's answers to the two goals of the story's application.
func (st story) reached() []workflow.GoalResult {
	second := workflow.GoalResult{Goal: 2, Reached: workflow.ReachedFull, Text: "Nästa möte är bestämt."}
	switch st.pupils % 4 {
	case 0:
		second = workflow.GoalResult{Goal: 2, Reached: workflow.ReachedPartly, Text: "Vi skriver vidare, men en dag är inte bestämd."}
	case 1:
		second = workflow.GoalResult{Goal: 2, Reached: workflow.ReachedNot, Text: "Partnerskolan har ingen tid nästa läsår."}
	}
	return []workflow.GoalResult{{Goal: 1, Reached: workflow.ReachedFull, Text: "Alla grupper redovisade."}, second}
}
