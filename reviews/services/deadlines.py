"""How many working days each has; counted by the imported calendar from a day of the centre's own."""

REVIEW_DAYS = 10
VETO_ANSWER_DAYS = 5
OBJECTION_DAYS = 10
OBJECTION_DECISION_DAYS = 15
