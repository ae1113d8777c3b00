"""What the rules suggest about a case, in tables and for every case there could be."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.rounding import plain
from scoring.enums import Point, RuleCode
from scoring.policy import CaseFacts, Failed, RuleSpec, Suggestion, months_before, settled, suggestions
from scoring.queries.proposals import sentences

TODAY = date(2026, 12, 7)
RULES = (RuleSpec(RuleCode.R1), RuleSpec(RuleCode.S1, frozenset({"A2", "C1"})), RuleSpec(RuleCode.S2))
GOOD = CaseFacts(
    case_id=1,
    grade="good",
    score=Decimal("85.5"),
    review_version=1,
    readers=2,
    spread=Decimal("3.5"),
    coverage=Decimal(1),
    released=True,
    provisional=False,
    limited=False,
    objection_open=False,
    objection_open_until=TODAY - timedelta(days=1),
)


def suggested(**facts: Any) -> list[Suggestion]:
    return list(suggestions([replace(GOOD, **facts)], RULES, today=TODAY))


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"grade": "excellent"}, ["R1"]),
        ({"grade": "excellent", "open_matter": True}, []),
        ({"grade": "good"}, []),
        ({"grade": "pass"}, []),
        ({"grade": "fail"}, ["S2"]),
        ({"grade": "fail", "open_matter": True}, ["S2"]),
        ({"grade": "pending"}, []),
        ({"zero_items": ("A2",)}, ["S1"]),
        ({"zero_items": ("F1",)}, []),
        ({"grade": "fail", "zero_items": ("C1",)}, ["S1", "S2"]),
    ],
)
def test_a_grade_or_a_zero_makes_a_suggestion(facts: dict[str, Any], codes: list[str]) -> None:
    assert [each.code for each in suggested(**facts)] == codes


LADDER = (
    *RULES,
    RuleSpec(RuleCode.S3, fails=2, months=12),
    RuleSpec(RuleCode.S4, fails=3, months=24, vetoes=frozenset({"V2"})),
)


@pytest.mark.parametrize(
    ("fails", "vetoes", "codes"),
    [
        (["2026-12-01"], (), ["S2"]),
        (["2026-12-01", "2025-12-08"], (), ["S3"]),
        (["2026-12-01", "2025-12-07"], (), ["S2"]),
        (["2026-12-01", "2026-12-08"], (), ["S2"]),  # may still be objected to
        (["2026-12-01", "2026-03-01", "2024-12-08"], (), ["S2", "S4"]),
        (["2026-12-01", "2026-03-01", "2024-12-07"], (), ["S3"]),
        (["2026-12-01"], ("V2", "V6"), ["S2", "S4"]),
    ],
)
def test_of_the_ladder_for_repeated_failure_one_rung_is_proposed(
    fails: list[str], vetoes: tuple[str, ...], codes: list[str]
) -> None:
    days = [date.fromisoformat(day) for day in fails]
    failed = tuple(Failed(day, at, day + timedelta(days=5)) for at, day in enumerate(days))
    facts = replace(GOOD, grade="fail", failed=failed, vetoes=frozenset(vetoes))

    assert [each.code for each in suggestions([facts], LADDER, today=TODAY)] == codes


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 11, 30), -3, date(2027, 2, 28)),
    ],
)
def test_months_end_where_the_shorter_month_ends(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    "facts",
    [
        {"released": False},
        {"objection_open": True},
        {"objection_open_until": TODAY},
        {"objection_open_until": TODAY + timedelta(days=3)},
    ],
)
def test_nothing_is_suggested_about_marks_that_may_still_move(facts: dict[str, Any]) -> None:
    assert suggested(grade="fail", **facts) == []


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({}, []),
        ({"readers": 1}, [Point.ONE_READER]),
        ({"coverage": Decimal("0.625")}, [Point.COVERAGE]),
        ({"coverage": Decimal("0.4"), "provisional": True}, [Point.PROVISIONAL]),
        ({"limited": True, "corrected": True, "review_version": 3}, [Point.LIMITED, Point.CORRECTED]),
        ({"review_version": 2}, []),
    ],
)
def test_what_speaks_against_is_told(facts: dict[str, Any], points: list[Point]) -> None:
    (only,) = suggested(grade="excellent", **facts)

    assert [said.point for said in only.counter_evidence] == points


def test_what_speaks_for_it_carries_its_figures() -> None:
    (only,) = suggested(grade="excellent", score=Decimal("93.456"))

    assert [(said.point, dict(said.figures)) for said in only.evidence] == [
        (Point.GRADE, {"score": "93.46", "band": "excellent"}),
        (Point.TWO_READERS, {"spread": "3.5"}),
        (Point.OBJECTION_OVER, {"day": "2026-12-06"}),
    ]


def test_three_readers_are_told_as_three() -> None:
    (only,) = suggested(grade="excellent", readers=3, spread=Decimal("18.4"))

    said = {said.point: dict(said.figures) for said in only.evidence}
    assert said[Point.MORE_READERS] == {"readers": "3", "spread": "18.4"}
    assert Point.TWO_READERS not in said


@pytest.mark.parametrize(("figure", "text"), [("90", "90"), ("89.995", "90"), ("0.005", "0.01"), ("100.00", "100")])
def test_figures_are_short_and_rounded_half_up(figure: str, text: str) -> None:
    assert plain(Decimal(figure)) == text


facts_of_any_case = st.builds(
    CaseFacts,
    case_id=st.integers(1, 99),
    grade=st.sampled_from(["excellent", "good", "pass", "fail", "pending", "none"]),
    score=st.decimals(0, 100, places=4),
    review_version=st.integers(1, 9),
    readers=st.integers(1, 3),
    spread=st.decimals(0, 100, places=2),
    coverage=st.decimals(0, 1, places=4),
    released=st.booleans(),
    provisional=st.booleans(),
    limited=st.booleans(),
    objection_open=st.booleans(),
    objection_open_until=st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 31)),
    zero_items=st.lists(st.sampled_from(["A1", "A2", "C1"]), unique=True).map(tuple),
    corrected=st.booleans(),
    open_matter=st.booleans(),
)


@given(facts_of_any_case)
def test_only_settled_marks_make_suggestions_and_each_says_why(facts: CaseFacts) -> None:
    found = list(suggestions([facts], RULES, today=TODAY))

    assert not found or settled(facts, today=TODAY)
    assert all(each.evidence for each in found)
    assert len({each.code for each in found}) == len(found)


@given(facts_of_any_case)
def test_no_case_is_commended_and_sanctioned_for_its_grade(facts: CaseFacts) -> None:
    codes = {each.code for each in suggestions([facts], RULES, today=TODAY)}

    assert not {RuleCode.R1, RuleCode.S2} <= codes
    assert (RuleCode.R1 in codes) <= (facts.grade == "excellent")
    assert (RuleCode.S2 in codes) <= (facts.grade == "fail")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-hans", "尚有 15.38 % 的适用评价依据未取得。"), ("en", "15.38 % of the applicable evidence is missing.")],
)
def test_missing_evidence_reads_as_what_speaks_against(language: str, sentence: str) -> None:
    with override(language):
        assert sentences([{"point": "coverage", "figures": {"coverage": "84.62"}}]) == [sentence]
