"""Reading what rules suggest, and what each proposal waits for."""

from scoring.queries.proposals.facts import (
    facts_of,
    rule_specs,
    rules_in_force,
    scores_of_cases,
    scores_to_consider,
    with_open_matters,
)
from scoring.queries.proposals.grounds import (
    DECIDED,
    bar_of,
    may_criticise,
    rests_on,
    why_held,
    why_not_independent,
    why_opposed,
    why_overtaken,
    why_unsettled,
)
from scoring.queries.proposals.hearing import (
    awaits_statement,
    heard,
    keyed_in_here,
    needs_hearing,
    statement_of,
    statements_to_give,
    takes_statement,
)
from scoring.queries.proposals.shown import display_over, proposals_seen_by, sentences
from scoring.queries.proposals.steps import Step, steps

__all__ = [
    "DECIDED",
    "Step",
    "awaits_statement",
    "bar_of",
    "display_over",
    "facts_of",
    "heard",
    "keyed_in_here",
    "may_criticise",
    "needs_hearing",
    "proposals_seen_by",
    "rests_on",
    "rule_specs",
    "rules_in_force",
    "scores_of_cases",
    "scores_to_consider",
    "sentences",
    "statement_of",
    "statements_to_give",
    "steps",
    "takes_statement",
    "why_held",
    "why_not_independent",
    "why_opposed",
    "why_overtaken",
    "why_unsettled",
    "with_open_matters",
]
