"""Standings: the worked example, the thresholds, and what no number of cases may do."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import fmean

from hypothesis import given
from hypothesis import strategies as st

from scoring.standings import Cell, estimates, pool, standings

WEIGHTS = (Decimal(80), Decimal(20))


def cell(unit: int, figures: Sequence[float], stratum: str = "civil") -> Cell:
    values = [Decimal(str(figure)) for figure in figures]
    return Cell(
        unit=unit,
        stratum=stratum,
        n=len(values),
        total=sum(values, Decimal(0)),
        squares=sum((value * value for value in values), Decimal(0)),
    )


# Eight units of five cases that differ clearly: means 60, 64 … 88 with small noise.
EIGHT = [cell(unit, [60 + 4 * unit + noise for noise in (-2, -1, 0, 1, 2)]) for unit in range(8)]


def test_few_cases_are_drawn_towards_the_mean_of_their_type() -> None:
    # Four files with mean 95 among others so that the prior is 84: (4·95 + 5·84) ÷ 9.
    others = cell(2, [80, 80, 80, 80])
    middle = cell(3, [77, 77, 77, 77])

    found, shared = estimates([cell(1, [95, 95, 95, 95]), others, middle])

    assert found[1].prior == Decimal(84)
    assert round(found[1].shrunk, 2) == Decimal("88.89")
    assert (shared.k, shared.estimated) == (Decimal(5), False)


def test_k_is_five_until_eight_units_have_five_cases() -> None:
    assert pool(EIGHT[:7]).k == Decimal(5)
    assert pool(EIGHT[:7]).estimated is False
    assert pool(EIGHT).estimated is True


def test_k_is_the_variance_within_divided_by_the_variance_between() -> None:
    found = pool(EIGHT)

    # Within: 10 ÷ 4 = 2.5 a unit. Between the means: 16·(sum of squares 42) ÷ 7 = 96, less 2.5 ÷ 5.
    assert found.within == Decimal("2.5")
    assert found.k is not None
    assert round(found.k, 10) == round(Decimal("2.5") / Decimal("95.5"), 10)


def test_half_the_interval_is_what_nine_in_ten_means_of_so_many_cases_stay_within() -> None:
    found, _pool = estimates(EIGHT)

    # k is 2.5 ÷ 95.5 = 0.0262, so 1.645 · √(2.5 ÷ 5.0262).
    assert {round(each.half, 4) for each in found.values() if each.half is not None} == {Decimal("1.1602")}


def test_where_the_voice_counts_the_half_widths_are_put_together() -> None:
    """The answers scatter with a variance of 250 and do not differ between units: 1.645 · √(250 ÷ 10) = 8.225."""
    voices = [cell(unit, [65] * 5 + [35] * 5) for unit in range(8)]

    table = standings(EIGHT, voices, WEIGHTS)

    # √((0.8 · 1.1602)² + (0.2 · 8.225)²)
    assert (table.voice.within, table.voice.flat) == (Decimal(250), True)
    assert {round(row.half, 4) for row in table.rows if row.half is not None} == {Decimal("1.8888")}


def test_units_that_differ_by_chance_alone_show_the_prior_and_no_rank() -> None:
    alike = [cell(unit, [70, 75, 80, 85, 90]) for unit in range(8)]

    table = standings(alike, [], WEIGHTS)

    assert table.cases.k is None
    assert {(row.shrunk, row.low, row.rank) for row in table.rows} == {(Decimal(80), None, None)}


def test_the_prior_follows_the_mix_of_case_types() -> None:
    found, _pool = estimates(
        [
            cell(1, [90, 90], "civil"),
            cell(1, [60, 60], "criminal"),
            cell(2, [90, 90], "civil"),
            cell(3, [60, 60], "criminal"),
        ]
    )

    assert found[1].prior == Decimal(75)


def test_cases_of_a_type_nobody_else_has_count_in_full_where_the_mean_is_drawn() -> None:
    found, _pool = estimates([cell(1, [90, 90], "civil"), cell(1, [60, 60], "criminal"), cell(2, [70, 70], "civil")])

    # Prior (2·80 + 2·60) ÷ 4 = 70, mean 75: (4·75 + 5·70) ÷ 9.
    assert (found[1].prior, found[1].compared, round(found[1].shrunk, 2)) == (Decimal(70), 2, Decimal("72.22"))


def test_units_with_fewer_than_five_cases_have_no_rank_and_stand_last() -> None:
    table = standings([*EIGHT, cell(99, [100, 100, 100, 100])], [], WEIGHTS)

    last = table.rows[-1]
    assert (last.unit, last.small, last.rank_from, last.rank_to, last.rank) == (99, True, None, None, None)


def test_units_with_fewer_than_five_cases_are_not_listed_from_best_to_worst() -> None:
    marks = {1: [40], 2: [90], 3: [60, 62], 4: [88, 91]}

    table = standings([cell(unit, figures) for unit, figures in marks.items()], [], WEIGHTS)

    assert [row.unit for row in table.rows] == [1, 2, 3, 4]


def test_a_rank_stands_only_where_the_intervals_separate() -> None:
    apart = standings(EIGHT, [], WEIGHTS)
    noisy = [cell(unit, [60 + unit + noise for noise in (-20, -10, 0, 10, 20)]) for unit in range(2)]

    assert [row.rank for row in apart.rows] == list(range(1, 9))
    assert {(row.rank, row.rank_from, row.rank_to) for row in standings(noisy, [], WEIGHTS).rows} == {(None, 1, 2)}


def test_units_whose_intervals_touch_share_their_places() -> None:
    """Both scatter with a variance of 10, so half an interval is 1.645 · √(10 ÷ (5 + 5)); they lie twice that apart."""
    noise = (-4, -2, 0, 2, 4)

    touching = standings(
        [cell(1, [83.29 + each for each in noise]), cell(2, [76.71 + each for each in noise])], [], WEIGHTS
    )
    apart = standings([cell(1, [83.3 + each for each in noise]), cell(2, [76.7 + each for each in noise])], [], WEIGHTS)

    assert [(row.above, row.half) for row in touching.rows] == [
        (Decimal("1.645"), Decimal("1.645")),
        (Decimal("-1.645"), Decimal("1.645")),
    ]
    assert [(row.rank_from, row.rank_to) for row in touching.rows] == [(1, 2), (1, 2)]
    assert [row.rank for row in apart.rows] == [1, 2]


def test_units_of_the_same_mean_without_any_scatter_share_their_places() -> None:
    rows = standings([cell(1, [90] * 5), cell(2, [90] * 5), cell(3, [60] * 5)], [], WEIGHTS).rows

    assert [(row.unit, row.half, row.rank_from, row.rank_to) for row in rows] == [
        (1, Decimal(0), 1, 2),
        (2, Decimal(0), 1, 2),
        (3, Decimal(0), 3, 3),
    ]


# Eight units with civil cases of means 85 to 92, and what one sole unit with criminal cases comes to.
CIVIL = [cell(unit, [84 + unit, 85 + unit, 86 + unit, 85 + unit, 85 + unit]) for unit in range(8)]
SOLE_CRIMINAL = cell(9, [58, 60, 62, 60, 60], "criminal")


def test_a_unit_that_nobody_can_be_compared_with_has_no_place() -> None:
    rows = {row.unit: row for row in standings([*CIVIL, SOLE_CRIMINAL], [], WEIGHTS).rows}

    sole = rows.pop(9)
    assert (round(sole.above, 20), sole.comparable, sole.rank_from, sole.rank_to) == (Decimal(0), False, None, None)
    assert max(row.rank_to or 99 for row in rows.values()) == 8


def test_a_place_says_how_far_a_unit_lies_from_its_own_mix_of_case_types() -> None:
    # The criminal cases of all are harder; 64 is far above what they come to elsewhere, 85 below the civil ones.
    better = cell(9, [63, 64, 65, 64, 64], "criminal")
    others = [cell(unit, [55, 56, 57, 56, 56], "criminal") for unit in range(10, 12)]

    table = standings([*CIVIL, better, *others], [], WEIGHTS)

    places = {row.unit: row.rank_from for row in table.rows}
    assert table.rows[0].unit == 9
    assert (places[9], table.rows[0].shrunk < 65) == (1, True)


def test_easy_cases_earn_no_place_above_hard_ones() -> None:
    """Both do exactly what their case types come to: the intervals leave every place open."""
    easy = [cell(unit, [88, 90, 92, 90, 90]) for unit in range(2)]
    hard = [cell(unit, [58, 60, 62, 60, 60], "criminal") for unit in range(2, 4)]

    rows = standings([*easy, *hard], [], WEIGHTS).rows

    assert {(round(row.above, 20), row.rank_from, row.rank_to) for row in rows} == {(Decimal(0), 1, 4)}


def test_the_client_voice_counts_a_fifth_from_five_answers_on() -> None:
    voices = [cell(0, [50] * 5), cell(1, [50] * 4)]

    rows = {row.unit: row for row in standings(EIGHT[:2], voices, WEIGHTS).rows}

    assert (rows[0].raw, rows[0].voice is not None) == (Decimal("0.8") * 60 + Decimal("0.2") * 50, True)
    assert (rows[1].raw, rows[1].voice, rows[1].answered) == (Decimal(64), None, 4)


def test_a_unit_whose_clients_answered_but_with_no_graded_case_has_no_standing() -> None:
    assert standings([], [cell(1, [50] * 9)], WEIGHTS).rows == ()


figures = st.lists(st.integers(0, 100), min_size=1, max_size=8)
units = st.lists(st.tuples(st.sampled_from(["civil", "criminal"]), figures), min_size=1, max_size=14)


@given(units)
def test_a_drawn_mean_lies_between_the_mean_and_the_prior(given_units: list[tuple[str, list[int]]]) -> None:
    found, _pool = estimates([cell(unit, values, kind) for unit, (kind, values) in enumerate(given_units)])

    slack = Decimal("1e-20")
    for each in found.values():
        assert min(each.raw, each.prior) - slack <= each.shrunk <= max(each.raw, each.prior) + slack


@given(units)
def test_sums_and_squares_tell_the_same_as_the_figures(given_units: list[tuple[str, list[int]]]) -> None:
    """Against a second, plain reckoning of the variance within."""
    cells = [cell(unit, values, kind) for unit, (kind, values) in enumerate(given_units)]
    degrees = sum(len(values) - 1 for _kind, values in given_units)
    plain = sum(sum((value - fmean(values)) ** 2 for value in values) for _kind, values in given_units)

    found = pool(cells).within

    assert (found is None) == (degrees < 5)
    if found is not None:
        assert abs(float(found) - plain / degrees) < 1e-6


@given(units)
def test_places_never_contradict_the_intervals(given_units: list[tuple[str, list[int]]]) -> None:
    rows = standings([cell(unit, values, kind) for unit, (kind, values) in enumerate(given_units)], [], WEIGHTS).rows
    placed = [row for row in rows if row.rank_from is not None]

    for one in placed:
        assert one.half is not None
        above = sum(other.above - other.half > one.above + one.half for other in placed if other.half is not None)
        below = sum(other.above + other.half < one.above - one.half for other in placed if other.half is not None)
        assert (one.rank_from, one.rank_to) == (above + 1, len(placed) - below)
