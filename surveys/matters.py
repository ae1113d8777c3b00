"""What the answers of a client ask of the centre, as kinds of matters: plain values in, plain values out."""

from collections.abc import Mapping

from surveys.branching import MONEY, OUTCOME_KNOWN, RATING
from surveys.enums import AlertKind

BAD_RATINGS = frozenset({"1", "2"})
MONEY_VALUES = frozenset({"yes", "staff"})
UNCLEAR = "no"

# The centre explains what came of it.
TO_EXPLAIN = ((OUTCOME_KNOWN, UNCLEAR),)
# Asked while the case runs: not met, not prepared, does not know what comes next, needs something.
TO_SEE_TO = (("met", "no"), ("ready", "no"), (OUTCOME_KNOWN, UNCLEAR), ("need", "yes"))


def matters_in(values: Mapping[str, str], *, under_way: bool) -> tuple[AlertKind, ...]:
    """By the values chosen, question by question. `under_way`: asked while the case runs.

    An unhappy client's matter has room for what else is unclear, so one is enough; money is a matter of its own.
    """
    asked = TO_SEE_TO if under_way else TO_EXPLAIN
    rest = any(values.get(code) == value for code, value in asked)
    found = [AlertKind.RECOVERY] if values.get(RATING) in BAD_RATINGS else []
    if rest and not found:
        found.append(AlertKind.SEE_TO if under_way else AlertKind.EXPLAIN)
    if values.get(MONEY) in MONEY_VALUES:
        found.append(AlertKind.MONEY)
    return tuple(found)
