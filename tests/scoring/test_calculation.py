"""The case grade and the client's voice: tables of the published rules, and properties that must always hold."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.rounding import half_up
from scoring.calculation import (
    case_derivation,
    overdue_from,
    recompute,
    rules_of,
    stored,
    voice_derivation,
    weigh_case,
    weigh_voice,
)
from scoring.defaults import default_scheme
from scoring.enums import Grade, Reason, SourceKind
from scoring.evidence import CaseEvidence, ClientAnswer, FileReview, Filing

RULES = rules_of(1, default_scheme())
CLOSED = date(2026, 3, 1)
IN_TIME = Filing(counted_from=CLOSED, filed_on=date(2026, 3, 21))


def review(score: str, **fields: object) -> FileReview:
    given_fields: dict[str, object] = {"version": 1, "score": Decimal(score), "settled": True, "readers": 2}
    return FileReview(**(given_fields | fields))  # type: ignore[arg-type]


def evidence(**fields: object) -> CaseEvidence:
    return CaseEvidence(**({"review": review("92"), "filing": IN_TIME} | fields))  # type: ignore[arg-type]


def test_the_worked_example_of_the_documentation_comes_out() -> None:
    result = weigh_case(evidence(organ_applies=True, self_assessment_applies=True), RULES)

    assert result.score is not None
    assert (half_up(result.score), half_up(result.coverage)) == (Decimal("92.73"), Decimal("78.57"))
    assert (result.grade, result.provisional) == (Grade.EXCELLENT, False)


def test_evidence_at_exactly_the_limit_is_enough() -> None:
    """Of coverage: for a grade that is not provisional, and for an excellent one."""
    given = evidence(organ_applies=True, self_assessment_applies=True)
    covered = weigh_case(given, RULES).coverage
    at, beyond = (
        weigh_case(given, replace(RULES, provisional_below=limit, excellent_coverage=limit))
        for limit in (covered, covered + 1)
    )

    assert (at.grade, at.provisional) == (Grade.EXCELLENT, False)
    assert (beyond.grade, beyond.provisional) == (Grade.GOOD, True)


def test_every_source_weighs_as_published() -> None:
    full = evidence(
        review=review("80"),
        organ_applies=True,
        organ_marks=(5, 4, 3, 2, 1),
        hearing_applies=True,
        hearing=Decimal(90),
        self_assessment_applies=True,
        self_assessment_gap=Decimal(10),
    )

    result = weigh_case(full, RULES)

    assert {line.source: line.value for line in result.lines} == {
        SourceKind.FILE_REVIEW: Decimal(80),
        SourceKind.ORGAN_OPINION: Decimal(57),
        SourceKind.HEARING: Decimal(90),
        SourceKind.TIME_LIMITS: Decimal(100),
        SourceKind.SELF_ASSESSMENT: Decimal(80),
    }
    # (50·80 + 10·57 + 10·90 + 5·100 + 5·80) ÷ 80
    assert (result.score, result.coverage) == (Decimal("79.625"), Decimal(100))
    assert result.grade == Grade.PASS


@pytest.mark.parametrize(
    ("filed_on", "overdue", "excused", "value"),
    [
        (date(2026, 3, 31), False, False, 100),
        (date(2026, 4, 1), False, False, 50),
        (date(2026, 4, 30), False, False, 50),
        (date(2026, 5, 1), False, False, 0),
        (date(2026, 5, 1), False, True, 100),
        (date(2026, 2, 20), False, False, 100),
        (None, False, False, None),
        (None, True, False, 0),
        (None, True, True, None),
    ],
)
def test_the_lawyers_own_clock(filed_on: date | None, overdue: bool, excused: bool, value: int | None) -> None:
    filing = Filing(counted_from=CLOSED, filed_on=filed_on, overdue=overdue, excused=excused)

    result = weigh_case(evidence(filing=filing), RULES)

    found = {line.source: line.value for line in result.lines}[SourceKind.TIME_LIMITS]
    assert found == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("limit", "days", "value"), [(90, 90, 100), (90, 91, 50), (90, 121, 0), (15, 16, 50), (15, 46, 0)]
)
def test_the_days_that_a_centre_gives_move_every_limit(limit: int, days: int, value: int) -> None:
    filed = evidence(filing=Filing(counted_from=CLOSED, filed_on=CLOSED + timedelta(days=days), limit=limit))

    result = weigh_case(filed, RULES)

    line = next(line for line in result.lines if line.source == SourceKind.TIME_LIMITS)
    assert (line.value, line.facts) == (Decimal(value), {"days": str(days), "limit": str(limit)})
    assert overdue_from(CLOSED, RULES, limit) == CLOSED + timedelta(days=limit + 31)


def test_a_file_counts_as_not_come_from_the_day_after_the_last_limit() -> None:
    assert overdue_from(CLOSED, RULES) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", Grade.EXCELLENT),
        ("90", Grade.EXCELLENT),
        ("89.9999999999", Grade.GOOD),
        ("80", Grade.GOOD),
        ("79.9999999999", Grade.PASS),
        ("60", Grade.PASS),
        ("59.9999999999", Grade.FAIL),
        ("0", Grade.FAIL),
    ],
)
def test_bands_are_compared_unrounded(score: str, grade: Grade) -> None:
    unfiled = Filing(counted_from=CLOSED)

    result = weigh_case(evidence(review=review(score), filing=unfiled), RULES)

    assert result.grade == grade


@pytest.mark.parametrize(
    ("fields", "grade", "reasons"),
    [
        ({"review": None}, Grade.NONE, (Reason.NO_FILE_REVIEW,)),
        ({"review": review("95", veto_pending=True, settled=False)}, Grade.PENDING, (Reason.VETO_PENDING,)),
        ({"review": review("95", settled=False)}, Grade.PENDING, (Reason.READING_GOES_ON,)),
        ({"review": review("95", settled=False), "filing": Filing(counted_from=CLOSED)}, Grade.PENDING, None),
        ({"review": review("95", readers=1)}, Grade.GOOD, (Reason.NOT_TWO_READERS,)),
        ({"review": review("95", spread=Decimal("8.01"))}, Grade.GOOD, (Reason.NOT_TWO_READERS,)),
        ({"review": review("95", spread=Decimal(8))}, Grade.EXCELLENT, ()),
        ({"review": review("95", readers=3, spread=Decimal(20))}, Grade.EXCELLENT, ()),
        ({"review": review("95", cap=Grade.PASS)}, Grade.PASS, (Reason.CAPPED,)),
        ({"review": review("95", cap=Grade.GOOD)}, Grade.GOOD, (Reason.CAPPED,)),
        ({"review": review("95", cap=Grade.FAIL)}, Grade.FAIL, (Reason.CAPPED,)),
        ({"review": review("85", cap=Grade.GOOD)}, Grade.GOOD, ()),
        ({"review": review("40", readers=1)}, Grade.PENDING, (Reason.FAIL_NEEDS_READER,)),
        ({"review": review("40")}, Grade.FAIL, ()),
        ({"review": review("40", readers=1, cap=Grade.FAIL)}, Grade.FAIL, ()),
    ],
)
def test_conditions_of_a_grade(fields: dict[str, object], grade: Grade, reasons: tuple[Reason, ...] | None) -> None:
    result = weigh_case(evidence(**fields), RULES)

    assert result.grade == grade
    assert reasons is None or result.reasons == reasons
    assert (result.score is None) == (grade in {Grade.NONE, Grade.PENDING})


def test_excellent_needs_seventy_percent_of_the_evidence() -> None:
    thin = evidence(filing=Filing(counted_from=CLOSED), organ_applies=True, hearing_applies=True)  # 50 of 75

    result = weigh_case(thin, RULES)

    assert (result.grade, result.reasons, result.provisional) == (Grade.GOOD, (Reason.LOW_COVERAGE,), False)


def test_less_than_half_of_the_evidence_is_provisional() -> None:
    rules = replace(RULES, case_weights={**RULES.case_weights, SourceKind.HEARING: Decimal(60)})

    result = weigh_case(evidence(review=review("70"), hearing_applies=True), rules)

    assert (result.grade, result.provisional, result.reasons) == (Grade.PASS, True, (Reason.PROVISIONAL,))


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        (ClientAnswer(overall=5), "100"),
        (ClientAnswer(overall=3, service=(("q2", "always"), ("q3", "partly"), ("q5", "no"))), "57.5"),
        (ClientAnswer(overall=4, service=(("q5", "not_applicable"), ("q2", "unknown"))), "85"),
        (ClientAnswer(overall=1, service=(("q2", "always"),), result_only=True), "100"),
        (ClientAnswer(overall=None, service=(("q2", "sometimes"),)), "50"),
    ],
)
def test_the_clients_voice(answer: ClientAnswer, score: str) -> None:
    result = weigh_voice(answer, RULES)

    assert result is not None
    assert result.score == Decimal(score)


@pytest.mark.parametrize("answer", [ClientAnswer(overall=None), ClientAnswer(overall=1, result_only=True)])
def test_no_answer_is_no_answer(answer: ClientAnswer) -> None:
    assert weigh_voice(answer, RULES) is None


points = st.decimals(min_value=0, max_value=100, places=10)
reviews = st.builds(
    FileReview,
    version=st.integers(1, 9),
    score=points,
    settled=st.booleans(),
    veto_pending=st.booleans(),
    cap=st.sampled_from([None, Grade.GOOD, Grade.PASS, Grade.FAIL]),
    readers=st.integers(1, 3),
    spread=points,
)
filings = st.builds(
    Filing,
    counted_from=st.just(CLOSED),
    filed_on=st.none() | st.dates(CLOSED, date(2026, 12, 31)),
    limit=st.none() | st.integers(1, 365),
    overdue=st.booleans(),
    excused=st.booleans(),
)
cases = st.builds(
    CaseEvidence,
    review=st.none() | reviews,
    filing=filings,
    organ_applies=st.booleans(),
    organ_marks=st.lists(st.integers(1, 5), max_size=10).map(tuple),
    hearing_applies=st.booleans(),
    hearing=st.none() | points,
    self_assessment_applies=st.booleans(),
    self_assessment_gap=st.none() | points,
)


@given(cases)
def test_a_derivation_is_weighed_again_to_the_same_bytes(case: CaseEvidence) -> None:
    derivation = case_derivation(case, RULES)

    assert recompute(derivation, RULES) == derivation


@given(
    st.builds(
        ClientAnswer,
        overall=st.integers(1, 5),
        service=st.lists(st.tuples(st.sampled_from(["q2", "q3"]), st.sampled_from(["yes", "no"])), max_size=2).map(
            tuple
        ),
    )
)
def test_so_is_that_of_a_voice(answer: ClientAnswer) -> None:
    derivation = voice_derivation([answer], RULES)

    assert recompute(derivation, RULES) == derivation


def test_a_derivation_of_another_scheme_is_not_taken_for_ours() -> None:
    other = rules_of(2, default_scheme())

    with pytest.raises(ValueError, match="another scheme"):
        recompute(case_derivation(evidence(), RULES), other)


@given(cases)
def test_a_score_lies_between_its_sources_and_adds_up(case: CaseEvidence) -> None:
    result = weigh_case(case, RULES)
    values = [line.value for line in result.lines if line.value is not None]

    assert 0 <= result.coverage <= 100
    if result.score is not None:
        assert min(values) - Decimal("1e-20") <= result.score <= max(values) + Decimal("1e-20")
        assert abs(sum(line.contribution or 0 for line in result.lines) - result.score) < Decimal("1e-20")


@given(cases)
def test_a_source_that_does_not_apply_changes_nothing(case: CaseEvidence) -> None:
    without = replace(case, hearing_applies=False)

    assert weigh_case(replace(without, hearing=Decimal(1)), RULES).score == weigh_case(without, RULES).score


@given(points)
def test_a_stored_figure_never_reaches_a_band_that_the_exact_one_missed(score: Decimal) -> None:
    assert all((stored(score) >= floor) == (score >= floor) for _grade, floor in RULES.bands)


@given(cases, st.sampled_from([Grade.GOOD, Grade.PASS, Grade.FAIL]))
def test_a_cap_never_raises_a_grade(case: CaseEvidence, cap: Grade) -> None:
    order = [Grade.EXCELLENT, Grade.GOOD, Grade.PASS, Grade.FAIL]
    if case.review is None:
        return
    free = weigh_case(replace(case, review=replace(case.review, cap=None)), RULES).grade
    capped = weigh_case(replace(case, review=replace(case.review, cap=cap)), RULES).grade
    if free in order and capped in order:
        assert order.index(capped) >= max(order.index(free), order.index(cap))
