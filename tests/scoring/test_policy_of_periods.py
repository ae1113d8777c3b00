"""R2, R3, S6 and the complaints of S3 in tables from the rules, and once more against a reading of our own."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enums import Point, RuleCode, Subject
from scoring.policy import CaseFacts, Complained, RuleSpec, suggestions
from scoring.policy_of_periods import CentreFacts, PeriodSpec, UnitFacts, praises, reports

TODAY = date(2026, 12, 7)
R2 = PeriodSpec(code=RuleCode.R2, cases=8, lower_bound=Decimal(85), in_time=Decimal(95))
R3 = replace(R2, code=RuleCode.R3, vetoes=frozenset({"V1", "V2", "V3", "V4", "V5"}))
S6 = PeriodSpec(code=RuleCode.S6, ratings_late=Decimal(5), assigned_in_time=Decimal(95), assign_days=3)
LAWYER = UnitFacts(
    subject=Subject.LAWYER, unit=1, graded=8, shrunk=Decimal(90), low=Decimal(85), closed=8, due=20, in_time=19
)


def codes(facts: UnitFacts) -> list[str]:
    return [each.code for rule in (R2, R3) for each in praises([facts], rule)]


@pytest.mark.parametrize(
    ("facts", "lawyer", "firm"),
    [
        ({}, True, True),
        ({"graded": 7}, False, False),
        ({"low": Decimal("84.99999999")}, False, False),
        ({"low": None}, False, False),
        ({"in_time": 18}, False, False),
        ({"due": 0, "in_time": 0}, False, False),
        ({"complaints": 1}, False, False),
        ({"open_complaints": 1}, False, False),
        ({"vetoes": frozenset({"V3"})}, False, False),
        ({"vetoes": frozenset({"V6"})}, False, True),
        ({"unsettled": 3, "closed": 20}, True, True),
    ],
)
def test_who_is_commended_for_a_period(facts: dict[str, Any], lawyer: bool, firm: bool) -> None:
    assert codes(replace(LAWYER, **facts)) == (["R2"] if lawyer else [])
    for body in (Subject.FIRM, Subject.STATION):
        assert codes(replace(LAWYER, subject=body, **facts)) == (["R3"] if firm else [])
    assert codes(replace(LAWYER, subject=Subject.CENTRE, **facts)) == []


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({}, []),
        ({"ratings": 20, "late": 1}, []),
        ({"ratings": 19, "late": 1}, [Point.RATINGS_LATE]),
        ({"assigned": 20, "in_time": 19}, []),
        ({"assigned": 19, "in_time": 18}, [Point.ASSIGNED_LATE]),
        ({"ratings": 1, "late": 1, "assigned": 40}, [Point.RATINGS_LATE, Point.ASSIGNED_LATE]),
    ],
)
def test_when_a_centre_is_reported_on(facts: dict[str, Any], points: list[Point]) -> None:
    found = reports(CentreFacts(unit=1, **facts), S6)

    assert [each.point for each in found.evidence] == points if found else points == []
    assert bool(found and found.counter_evidence) == (facts.get("ratings") == 1), "one is too few to say much"


def test_what_praise_rests_on_is_said_with_its_figures() -> None:
    (found,) = praises([replace(LAWYER, low=Decimal("85.126"), shrunk=Decimal("90.5"))], R2)

    assert [(each.point, dict(each.figures)) for each in found.evidence] == [
        (Point.GRADED, {"count": "8"}),
        (Point.LOWER_BOUND, {"shrunk": "90.5", "low": "85.13"}),
        (Point.IN_TIME, {"part": "19", "whole": "20", "share": "95"}),
        (Point.NO_VETO, {}),
        (Point.NO_COMPLAINT, {}),
    ]


def test_what_speaks_against_praise_stands_beside_it() -> None:
    facts = replace(LAWYER, subject=Subject.FIRM, vetoes=frozenset({"V6"}), unsettled=2, closed=11)

    (found,) = praises([facts], R3)

    assert [(each.point, dict(each.figures)) for each in found.counter_evidence] == [
        (Point.OTHER_VETO, {"item": "V6"}),
        (Point.STILL_OPEN, {"count": "2"}),
        (Point.UNGRADED, {"count": "3"}),
    ]


counts = st.integers(0, 40)
units = st.builds(
    UnitFacts,
    subject=st.sampled_from(Subject),
    unit=st.just(1),
    graded=st.integers(0, 20),
    shrunk=st.just(Decimal(88)),
    low=st.one_of(st.none(), st.sampled_from(["84.9999", "85", "85.0001", "100"]).map(Decimal)),
    closed=counts,
    due=counts,
    in_time=counts,
    vetoes=st.frozensets(st.sampled_from(["V1", "V3", "V6", "V8"])),
    complaints=st.integers(0, 2),
    open_complaints=st.integers(0, 1),
    unsettled=counts,
)


@given(units, st.sampled_from([R2, R3]))
def test_praise_agrees_with_a_second_reading_of_the_rules(facts: UnitFacts, rule: PeriodSpec) -> None:
    """Domain 4.9, read once more in fractions."""
    refusals = [
        rule is R2 and facts.subject.value != "lawyer",
        rule is R3 and facts.subject.value not in ("firm", "station"),
        facts.graded < 8,
        facts.low is None or Fraction(facts.low) < 85,
        facts.due == 0 or Fraction(facts.in_time, facts.due) < Fraction(95, 100),
        any(item in ("V1", "V2", "V3", "V4", "V5") or rule is R2 for item in facts.vetoes),
        facts.complaints + facts.open_complaints > 0,
    ]

    assert bool(list(praises([facts], rule))) == (not any(refusals))


@given(counts, counts, counts, counts)
def test_a_report_agrees_with_a_second_reading_of_the_rule(late: int, answered: int, kept: int, missed: int) -> None:
    ratings, assigned = late + answered, kept + missed
    facts = CentreFacts(unit=1, ratings=ratings, late=late, assigned=assigned, in_time=kept)
    unanswered = ratings > 0 and Fraction(late, ratings) > Fraction(1, 20)
    slow = assigned > 0 and Fraction(kept, assigned) < Fraction(19, 20)

    assert (reports(facts, S6) is not None) == (unanswered or slow)


S3 = RuleSpec(RuleCode.S3, fails=2, complaints=2, months=12)
SETTLED = CaseFacts(
    case_id=1,
    grade="good",
    score=Decimal(85),
    review_version=1,
    readers=1,
    spread=Decimal(0),
    coverage=Decimal(1),
    released=True,
    provisional=False,
    limited=False,
    objection_open=False,
    objection_open_until=TODAY - timedelta(days=1),
)


def complained(*days_and_cases: tuple[str, int]) -> tuple[Complained, ...]:
    return tuple(Complained(date.fromisoformat(day), case_id) for day, case_id in days_and_cases)


@pytest.mark.parametrize(
    ("complaints", "proposed"),
    [
        ([("2026-12-01", 1)], False),
        ([("2025-12-08", 2), ("2026-12-01", 1)], True),
        ([("2025-12-07", 2), ("2026-12-01", 1)], False),
        ([("2026-11-01", 1), ("2026-12-01", 1)], True),
        # The case of the last complaint is spoken of, not each that was counted.
        ([("2026-11-01", 1), ("2026-12-01", 2)], False),
    ],
)
def test_the_second_upheld_complaint_within_a_year_is_training_and_fewer_cases(
    complaints: list[tuple[str, int]], proposed: bool
) -> None:
    facts = replace(SETTLED, complaints=complained(*complaints))

    found = list(suggestions([facts], [S3], today=TODAY))

    assert [(each.code, each.trigger) for each in found] == ([("S3", "complaints:1")] if proposed else [])
    assert list(suggestions([facts], [replace(S3, complaints=0)], today=TODAY)) == [], "a version without the figure"


days = st.integers(0, 800).map(lambda back: TODAY - timedelta(days=back))


@given(st.lists(st.tuples(days, st.integers(1, 2)), max_size=6))
def test_counting_complaints_agrees_with_a_second_reading(told: list[tuple[date, int]]) -> None:
    ordered = sorted(told)
    up_to = max((at for at, (_day, case_id) in enumerate(ordered) if case_id == 1), default=-1)
    facts = replace(SETTLED, complaints=tuple(Complained(*each) for each in ordered[: up_to + 1]))
    within = [case_id for day, case_id in ordered[: up_to + 1] if day > date(2025, 12, 7)]

    assert bool(list(suggestions([facts], [S3], today=TODAY))) == (len(within) >= 2 and within[-1] == 1)
