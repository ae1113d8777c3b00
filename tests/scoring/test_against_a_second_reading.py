"""The formulas once more, written from the rules alone in exact fractions: both readings must agree.

Nothing is taken over from `scoring` but its words: neither the weights, nor the bands, nor the order of the arithmetic.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.calculation import rules_of, weigh_case, weigh_voice
from scoring.defaults import default_scheme
from scoring.enums import Grade
from scoring.evidence import CaseEvidence, ClientAnswer, FileReview, Filing
from scoring.standings import Cell, Table, standings

RULES = rules_of(1, default_scheme())
FIVE = {5: 100, 4: 85, 3: 65, 2: 35, 1: 0}
WORDS = {"always": 100, "yes": 100, "sometimes": 50, "partly": 50, "never": 0, "no": 0}
CLOSED = date(2026, 3, 1)
NEAR = Fraction(1, 10**9)

points = st.decimals(0, 100, places=2)
filings = st.one_of(
    st.builds(Filing, counted_from=st.just(CLOSED), overdue=st.booleans()),
    st.builds(
        Filing,
        counted_from=st.just(CLOSED),
        filed_on=st.integers(-10, 90).map(lambda days: CLOSED + timedelta(days=days)),
        limit=st.sampled_from([None, 15, 60]),
        excused=st.booleans(),
    ),
)
reviews = st.builds(
    FileReview,
    version=st.just(1),
    score=points,
    settled=st.booleans(),
    veto_pending=st.booleans(),
    cap=st.sampled_from([None, Grade.GOOD, Grade.PASS, Grade.FAIL]),
    readers=st.integers(1, 3),
    spread=st.one_of(st.decimals(0, 20, places=1), st.sampled_from(["7.9", "8", "8.05", "8.1"]).map(Decimal)),
)
evidences = st.builds(
    CaseEvidence,
    review=st.one_of(st.none(), reviews),
    filing=filings,
    organ_applies=st.booleans(),
    organ_marks=st.lists(st.integers(1, 5), max_size=10).map(tuple),
    hearing_applies=st.booleans(),
    hearing=st.one_of(st.none(), points),
    self_assessment_applies=st.booleans(),
    self_assessment_gap=st.one_of(st.none(), points),
)


def lateness(filing: Filing) -> Fraction | None:
    if filing.filed_on is None:
        return Fraction(0) if filing.overdue else None
    days = (filing.filed_on - filing.counted_from).days
    given = filing.limit or 30
    if filing.excused or days <= given:
        return Fraction(100)
    return Fraction(50) if days <= given + 30 else Fraction(0)


def read_again(case: CaseEvidence) -> dict[str, Any]:
    """The case grade, straight from the rules: 50 file, 10 organ, 10 hearing, 5 clocks, 5 self-assessment."""
    file = case.review
    if file is None:
        return {"grade": "none", "score": None}
    if file.veto_pending or not file.settled:
        return {"grade": "pending", "score": None}
    reading = Fraction(file.score)
    applicable: list[tuple[int, Fraction | None]] = [(50, reading), (5, lateness(case.filing))]
    if case.organ_applies:
        marks = [FIVE[mark] for mark in case.organ_marks]
        applicable.append((10, Fraction(sum(marks), len(marks)) if marks else None))
    if case.hearing_applies:
        applicable.append((10, None if case.hearing is None else Fraction(case.hearing)))
    if case.self_assessment_applies:
        apart = case.self_assessment_gap
        applicable.append((5, None if apart is None else max(Fraction(0), 100 - 2 * Fraction(apart))))
    there = [(weight, value) for weight, value in applicable if value is not None]
    present = sum(weight for weight, _value in there)
    score = sum((weight * value for weight, value in there), Fraction(0)) / present
    coverage = Fraction(100 * present, sum(weight for weight, _value in applicable))
    grade = graded(case, file, score, coverage)
    kept = grade != "pending"
    return {"grade": grade, "score": score if kept else None, "provisional": kept and coverage < 50}


def graded(case: CaseEvidence, file: FileReview, score: Fraction, coverage: Fraction) -> str:
    names = ["fail", "pass", "good", "excellent"]
    place = (score >= 60) + (score >= 80) + (score >= 90)
    two_agree = file.readers >= 3 or (file.readers == 2 and file.spread <= 8)
    if place == 3 and (not two_agree or file.cap or coverage < 70):
        place = 2
    if file.cap:
        place = min(place, names.index(file.cap.value))
    if place == 0 and file.cap != Grade.FAIL and file.readers < 2:
        return "pending"
    return names[place]


@given(evidences)
@settings(max_examples=150, deadline=None)
def test_two_readings_of_the_rules_grade_every_case_alike(case: CaseEvidence) -> None:
    found, again = weigh_case(case, RULES), read_again(case)

    assert found.grade == again["grade"]
    assert (found.score is None) == (again["score"] is None)
    if found.score is not None:
        assert abs(Fraction(found.score) - again["score"]) < NEAR
        assert found.provisional == again["provisional"]


def at_the_edges() -> Iterator[CaseEvidence]:
    """A settled file alone, on or beside every edge that parts two bands or keeps a case from excellence."""
    scores = ("59.99", "60", "79.995", "80", "89.999", "90", "95")
    caps = (None, Grade.GOOD, Grade.PASS, Grade.FAIL)
    yes_no = (False, True)
    edges = product(scores, caps, (1, 2, 3), ("8", "8.05"), yes_no, yes_no, yes_no)
    for score, cap, readers, spread, organ, hearing, own in edges:
        review = FileReview(
            version=1, score=Decimal(score), settled=True, cap=cap, readers=readers, spread=Decimal(spread)
        )
        yield CaseEvidence(
            review=review,
            filing=Filing(counted_from=CLOSED),
            organ_applies=organ,
            hearing_applies=hearing,
            self_assessment_applies=own,
        )


def test_two_readings_of_the_rules_agree_on_every_edge() -> None:
    cases = list(at_the_edges())

    assert [weigh_case(case, RULES).grade for case in cases] == [read_again(case)["grade"] for case in cases]


@given(
    st.one_of(st.none(), st.integers(1, 5)),
    st.dictionaries(st.sampled_from(["q2", "q3", "q4", "q5", "q7"]), st.sampled_from([*WORDS, "dont_remember"])),
    st.booleans(),
)
def test_two_readings_of_the_rules_hear_every_client_alike(
    overall: int | None, said: dict[str, str], result_only: bool
) -> None:
    found = weigh_voice(ClientAnswer(overall=overall, service=tuple(said.items()), result_only=result_only), RULES)

    known = [WORDS[word] for word in said.values() if word in WORDS]
    halves = [Fraction(sum(known), len(known))] if known else []
    if overall is not None and not result_only:
        halves.append(Fraction(FIVE[overall]))
    if not halves:
        assert found is None
    else:
        assert found is not None
        assert abs(Fraction(found.score) - sum(halves, Fraction(0)) / len(halves)) < NEAR


figures = st.dictionaries(
    st.tuples(st.integers(1, 12), st.sampled_from(["civil", "criminal"])),
    st.lists(st.integers(40, 100), min_size=1, max_size=9),
    min_size=1,
    max_size=20,
)
Figures = dict[tuple[int, str], list[int]]


def cells(given_figures: Figures) -> list[Cell]:
    return [
        Cell(unit=u, stratum=s, n=len(v), total=Decimal(sum(v)), squares=Decimal(sum(x * x for x in v)))
        for (u, s), v in given_figures.items()
    ]


def averaged(values: list[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def drawn_again(rows: Figures) -> tuple[dict[int, Fraction], Fraction | None]:
    """Shrunk means from the single figures, by deviations instead of sums of squares; and k, None where flat."""
    of_type: dict[str, list[int]] = defaultdict(list)
    of_unit: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (unit, stratum), values in rows.items():
        of_type[stratum] += values
        of_unit[unit] += [(value, stratum) for value in values]
    k = k_again(rows, of_type, [len(each) for each in of_unit.values()])
    shrunk = {}
    for unit, own in of_unit.items():
        raw = averaged([value for value, _stratum in own])
        prior = sum((averaged(of_type[stratum]) for _value, stratum in own), Fraction(0)) / len(own)
        shrunk[unit] = prior if k is None else (len(own) * raw + k * prior) / (len(own) + k)
    return shrunk, k


def k_again(rows: Figures, of_type: dict[str, list[int]], sizes: list[int]) -> Fraction | None:
    degrees = sum(len(values) - 1 for values in rows.values())
    if sum(size >= 5 for size in sizes) < 8 or degrees < 5:
        return Fraction(5)
    within = sum((value - averaged(v)) ** 2 for v in rows.values() for value in v) / Fraction(degrees)
    above = below = Fraction(0)
    for stratum, everything in of_type.items():
        groups = [v for (_unit, s), v in rows.items() if s == stratum]
        middle = averaged(everything)
        above += sum(len(v) * (averaged(v) - middle) ** 2 for v in groups) - (len(groups) - 1) * within
        below += len(everything) - Fraction(sum(len(v) ** 2 for v in groups), len(everything))
    between = above / below if below else Fraction(0)
    return within / between if between > 0 else None


def flat(k: Decimal | Fraction | None) -> bool:
    """Exactly no variance between units, or so little that the last digit of a `Decimal` may be all of it."""
    return k is None or k > 10**12


def placed(rows: Figures) -> Table:
    return standings(cells(rows), [], (Decimal(80), Decimal(20)))


@given(figures)
@settings(max_examples=100, deadline=None)
def test_two_readings_of_the_rules_draw_every_mean_alike(rows: Figures) -> None:
    table, (shrunk, k) = placed(rows), drawn_again(rows)

    assert flat(table.cases.k) == flat(k)
    assert all(abs(Fraction(row.shrunk) - shrunk[row.unit]) < NEAR for row in table.rows)


# Enough units with enough cases that k is estimated every time.
county = st.lists(st.lists(st.integers(40, 100), min_size=5, max_size=9), min_size=8, max_size=12).map(
    lambda units: {(unit, "civil"): values for unit, values in enumerate(units, 1)}
)


@given(county)
@settings(max_examples=100, deadline=None)
def test_both_readings_estimate_k_alike_where_there_is_enough_to_say(rows: Figures) -> None:
    table, (shrunk, k) = placed(rows), drawn_again(rows)

    assert table.cases.estimated is True
    assert flat(table.cases.k) == flat(k)
    assert all(abs(Fraction(row.shrunk) - shrunk[row.unit]) < NEAR for row in table.rows)


def distances_again(rows: Figures) -> dict[int, tuple[Fraction, float]]:
    """Of each unit that has a place: how far above what its mix comes to, and half of the 90 % interval of that."""
    shrunk, k = drawn_again(rows)
    degrees = sum(len(values) - 1 for values in rows.values())
    if k is None or degrees < 5:
        return {}
    within = sum((value - averaged(v)) ** 2 for v in rows.values() for value in v) / Fraction(degrees)
    found = {}
    for unit in shrunk:
        own = {stratum: values for (u, stratum), values in rows.items() if u == unit}
        of_type = {s: [x for (_u, t), v in rows.items() if t == s for x in v] for s in own}
        shared = sum(len(v) for s, v in own.items() if len(of_type[s]) > len(v))
        n = sum(map(len, own.values()))
        comes_to = sum((len(v) * averaged(of_type[s]) for s, v in own.items()), Fraction(0)) / n
        if shared >= 5:
            found[unit] = (shrunk[unit] - comes_to, 1.645 * float(within / (n + k)) ** 0.5)
    return found


@given(figures)
@settings(max_examples=100, deadline=None)
def test_two_readings_of_the_rules_leave_every_unit_the_same_places(rows: Figures) -> None:
    table, again = placed(rows), distances_again(rows)
    if flat(table.cases.k) or len(again) < 2:
        again = {}

    assert {row.unit for row in table.rows if row.rank_from is not None} == set(again)
    for row in table.rows:
        if row.unit not in again or row.rank_from is None or row.rank_to is None:
            continue
        middle, half = again[row.unit]
        # Where two ends meet to the last digit, either reading may part them.
        gaps = [(float(m - middle), half + h) for unit, (m, h) in again.items() if unit != row.unit]
        above = [sum(gap > apart + slack for gap, apart in gaps) for slack in (1e-9, -1e-9)]
        below = [sum(-gap > apart + slack for gap, apart in gaps) for slack in (1e-9, -1e-9)]
        assert above[0] <= row.rank_from - 1 <= above[1]
        assert below[0] <= len(again) - row.rank_to <= below[1]


def half_again(rows: Figures, answers: dict[int, list[int]], unit: int) -> float | None:
    """Half the interval of a standing with a client voice, from the single figures; None where it is not known."""
    parts = []
    for figures_of in (rows, {(u, "civil"): values for u, values in answers.items()}):
        _shrunk, k = drawn_again(figures_of)
        degrees = sum(len(values) - 1 for values in figures_of.values())
        if degrees < 5:
            return None
        within = sum((value - averaged(v)) ** 2 for v in figures_of.values() for value in v) / Fraction(degrees)
        own = sum(len(values) for (u, _stratum), values in figures_of.items() if u == unit)
        parts.append((within, own, k))
    (of_cases, n, k), (of_voice, heard, drawn) = parts
    if k is None:
        return None
    # A voice that is the mean of all has no interval of its own: its answers as they scatter, drawn to nothing.
    widths = (1.645 * float(of_cases / (n + k)) ** 0.5, 1.645 * float(of_voice / (heard + (drawn or 0))) ** 0.5)
    return float(((0.8 * widths[0]) ** 2 + (0.2 * widths[1]) ** 2) ** 0.5)


voices = st.lists(st.sampled_from([0, 35, 65, 85, 100]), min_size=5, max_size=9)


@given(county, st.data())
@settings(max_examples=60, deadline=None)
def test_two_readings_of_the_rules_put_both_widths_together_alike(rows: Figures, data: st.DataObject) -> None:
    answers = {unit: data.draw(voices) for unit, _stratum in rows}
    heard = cells({(unit, "civil"): values for unit, values in answers.items()})
    table = standings(cells(rows), heard, (Decimal(80), Decimal(20)))
    assume(all(flat(pool.k) == (pool.k is None) for pool in (table.cases, table.voice)))

    for row in table.rows:
        again = half_again(rows, answers, row.unit)
        assert (row.half is None) == (again is None)
        if row.half is not None and again is not None:
            assert abs(float(row.half) - again) < 1e-6


def test_a_voice_too_thin_to_scatter_leaves_the_standing_without_interval_or_place() -> None:
    rows = {(unit, "civil"): [60 + 3 * unit, 62 + 3 * unit, 61 + 3 * unit, 60 + 3 * unit, 64] for unit in range(1, 10)}
    single = [Cell(unit=1, stratum=str(type_), n=1, total=Decimal(85), squares=Decimal(85 * 85)) for type_ in range(5)]
    table = standings(cells(rows), single, (Decimal(80), Decimal(20)))

    (unsure,) = [row for row in table.rows if row.unit == 1]
    assert unsure.voice is not None
    assert (unsure.half, unsure.low, unsure.high, unsure.rank_from) == (None, None, None, None)


def test_a_voice_that_tells_nobody_apart_widens_the_interval() -> None:
    rows = {(unit, "civil"): [50 + 4 * unit + step for step in (0, 3, 6, 9, 12)] for unit in range(1, 11)}
    alike = {(unit, "civil"): [85, 100, 65, 100, 85] for unit in range(1, 11)}
    table, without = standings(cells(rows), cells(alike), (Decimal(80), Decimal(20))), placed(rows)

    assert table.voice.flat
    narrow = {row.unit: row.half for row in without.rows}
    for row in table.rows:
        alone = narrow[row.unit]
        assert row.half is not None
        assert alone is not None
        assert row.half > Decimal("0.8") * alone
