"""What each rule is set by, as data: which figures and lists its versions carry, and what they are before anybody
changes them (`domain` 4.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from scoring.enums import RuleCode


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number."""

    name: str
    low: int
    high: int
    default: int


@dataclass(frozen=True, slots=True)
class Factor:
    """A figure with two decimals; kept as text, as all figures are that are weighed with."""

    name: str
    low: Decimal
    high: Decimal
    default: Decimal


@dataclass(frozen=True, slots=True)
class Codes:
    """A list of codes of items or veto items, at least one."""

    name: str
    default: tuple[str, ...]


Term = Count | Factor | Codes
LONGEST_CODE = 8
_HALF, _TWICE = Decimal("0.00"), Decimal("2.00")

_NONE, _ALL = Decimal("0.00"), Decimal("100.00")
# What a lawyer, a firm or a station is commended for is the same, pooled.
_POOLED = (
    Count("cases", 5, 999, 8),
    Factor("lower_bound", _NONE, _ALL, Decimal("85.00")),
    Factor("in_time", _NONE, _ALL, Decimal("95.00")),
)

TERMS: Mapping[RuleCode, tuple[Term, ...]] = {
    RuleCode.R1: (),
    RuleCode.R2: (*_POOLED, Count("priority_months", 1, 24, 12)),
    RuleCode.R3: (*_POOLED, Codes("vetoes", ("V1", "V2", "V3", "V4", "V5"))),
    RuleCode.R4: tuple(
        Factor(grade, _HALF, _TWICE, Decimal(figure))
        for grade, figure in (("excellent", "1.10"), ("good", "1.05"), ("pass", "1.00"), ("fail", "0.80"))
    ),
    RuleCode.S1: (Codes("core_items", ("A2", "B1", "B2", "C1", "C2")),),
    RuleCode.S2: (),
    RuleCode.S3: (
        Count("fails", 2, 9, 2),
        Count("complaints", 2, 9, 2),
        Count("months", 1, 60, 12),
        Count("reduced_months", 1, 12, 3),
    ),
    RuleCode.S4: (Count("fails", 2, 9, 3), Count("months", 1, 60, 24), Codes("vetoes", ("V2", "V3"))),
    RuleCode.S6: (
        Factor("ratings_late", _NONE, _ALL, Decimal("5.00")),
        Factor("assigned_in_time", _NONE, _ALL, Decimal("95.00")),
        Count("assign_days", 1, 30, 3),
    ),
}


def default_terms(code: RuleCode) -> dict[str, Any]:
    """What the first version carries, as it is stored."""
    return {term.name: _stored(term, term.default) for term in TERMS[code]}


def terms_of(code: RuleCode, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as it is stored: every term of the rule and none besides.

    :raises KeyError: one is missing or unknown, by its name; :raises ValueError: one is out of its bounds, by its name.
    """
    known = {term.name for term in TERMS[code]}
    for name in sorted(known ^ set(given)):
        raise KeyError(name)
    return {term.name: _stored(term, given[term.name]) for term in TERMS[code]}


def _stored(term: Term, value: Any) -> Any:
    match term:
        case Count():
            if isinstance(value, bool) or not isinstance(value, int) or not term.low <= value <= term.high:
                raise ValueError(term.name)
            return value
        case Factor():
            return str(_factor(term, value))
        case Codes():
            return _codes(term, value)


def _factor(term: Factor, value: Any) -> Decimal:
    try:
        figure = Decimal(str(value))
    except InvalidOperation as none:
        raise ValueError(term.name) from none
    if not figure.is_finite() or not term.low <= figure <= term.high:
        raise ValueError(term.name)
    return figure.quantize(Decimal("0.01"))


def _codes(term: Codes, value: Any) -> list[str]:
    given = list(dict.fromkeys(value)) if isinstance(value, list | tuple) else []
    fit = [each for each in given if isinstance(each, str) and each.isalnum() and len(each) <= LONGEST_CODE]
    if not fit or fit != given:
        raise ValueError(term.name)
    return fit
