"""Reading what rules suggest, and what each proposal waits for."""

from scoring.queries.proposals.bodies import (
    cases_behind,
    centre_facts,
    closed_for,
    graded_in,
    period_spec,
    rule_holds,
    units_to_praise,
)
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
    "cases_behind",
    "centre_facts",
    "closed_for",
    "display_over",
    "facts_of",
    "graded_in",
    "heard",
    "keyed_in_here",
    "may_criticise",
    "needs_hearing",
    "period_spec",
    "proposals_seen_by",
    "rests_on",
    "rule_holds",
    "rule_specs",
    "rules_in_force",
    "scores_of_cases",
    "scores_to_consider",
    "sentences",
    "statement_of",
    "statements_to_give",
    "steps",
    "takes_statement",
    "units_to_praise",
    "why_held",
    "why_not_independent",
    "why_opposed",
    "why_overtaken",
    "why_unsettled",
    "with_open_matters",
]
