"""How far readers agree, against figures worked out by others: a published library, printed examples, plain sums."""

import random
from collections import Counter
from decimal import Decimal
from itertools import combinations
from statistics import fmean, stdev

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.agreement.alignment import Settled, alignment
from reviews.agreement.bands import Agreement, Reading, agreement
from reviews.agreement.chance import krippendorff_alpha, weighted_kappa
from reviews.agreement.differences import limits_of_agreement
from reviews.agreement.severity import Severity, Total, severity
from reviews.enums import GRADE_SHARES, Anchor, Band

PLACES = 4


def test_agreement_counts_bands_points_and_leaning():
    pairs = [
        (Reading(Decimal(85), Band.GOOD), Reading(Decimal(81), Band.GOOD)),
        (Reading(Decimal(91), Band.EXCELLENT), Reading(Decimal(80), Band.GOOD)),
    ]

    assert agreement(pairs, limit=Decimal(8)) == Agreement(
        files=2, same_band=1, within_limit=1, mean_difference=Decimal("7.5")
    )


def test_no_doubly_read_file_says_nothing():
    assert agreement([], limit=Decimal(8)) == Agreement(files=0, same_band=0, within_limit=0, mean_difference=None)


# --- beyond chance


RATINGS = st.lists(st.integers(0, PLACES - 1), min_size=2, max_size=5)


@given(st.lists(RATINGS, min_size=2, max_size=12))
def test_alpha_is_that_of_the_published_library(files):
    told_apart = len({rating for ratings in files for rating in ratings}) > 1
    found = krippendorff_alpha(Counter(map(tuple, files)), places=PLACES)

    assert (found.value is not None) is told_apart
    if told_apart:
        counts = [[ratings.count(place) for place in range(PLACES)] for ratings in files]
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.value == pytest.approx(
            krippendorff.alpha(value_counts=counts, value_domain=range(PLACES), level_of_measurement="ordinal")
        )
        assert -1 <= found.low <= found.value <= found.high <= 1


def test_the_interval_of_alpha_is_that_of_the_published_library_over_files_drawn_again_and_again():
    dice = random.Random(8)
    deserved = [dice.randrange(PLACES) for _file in range(80)]
    files = [
        [min(PLACES - 1, max(0, each + dice.choice((-1, 0, 0, 0, 1)))) for _reader in range(3)] for each in deserved
    ]
    counts = [[ratings.count(place) for place in range(PLACES)] for ratings in files]

    found = krippendorff_alpha(Counter(map(tuple, files)), places=PLACES)

    again = [
        krippendorff.alpha(
            value_counts=dice.choices(counts, k=len(counts)),
            value_domain=range(PLACES),
            level_of_measurement="ordinal",
        )
        for _time in range(400)
    ]
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * stdev(again), rel=0.15)


def test_alpha_does_not_ask_who_rated_first_nor_about_files_read_once():
    plain = krippendorff_alpha({(0, 1): 3, (2, 2): 5}, places=PLACES)

    assert krippendorff_alpha({(0, 1): 1, (1, 0): 2, (2, 2): 5, (3,): 9}, places=PLACES) == plain


# Fleiss, Cohen, Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969):
# the formula of an unfavourable derivation, independent of the jackknife.
def printed_error(pairs, places):
    whole = sum(pairs.values())
    share = {pair: count / whole for pair, count in pairs.items()}
    first = [sum(share.get((i, j), 0) for j in range(places)) for i in range(places)]
    second = [sum(share.get((i, j), 0) for i in range(places)) for j in range(places)]
    weight = [[1 - ((i - j) / (places - 1)) ** 2 for j in range(places)] for i in range(places)]
    seen = sum(part * weight[i][j] for (i, j), part in share.items())
    expected = sum(first[i] * second[j] * weight[i][j] for i in range(places) for j in range(places))
    of_first = [sum(second[j] * weight[i][j] for j in range(places)) for i in range(places)]
    of_second = [sum(first[i] * weight[i][j] for i in range(places)) for j in range(places)]
    squares = sum(
        part * (weight[i][j] * (1 - expected) - (of_first[i] + of_second[j]) * (1 - seen)) ** 2
        for (i, j), part in share.items()
    )
    variance = (squares - (seen * expected - 2 * expected + seen) ** 2) / (whole * (1 - expected) ** 4)
    return (seen - expected) / (1 - expected), max(variance, 0) ** 0.5


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 40), min_size=3))
def test_kappa_and_its_interval_are_those_of_the_printed_formula(pairs):
    found = weighted_kappa(pairs, places=PLACES)
    if found.value is None:
        assert len({rating for pair in pairs for rating in pair}) == 1
        return
    value, error = printed_error(pairs, PLACES)

    assert found.value == pytest.approx(value)
    assert found.low == pytest.approx(max(-1, value - 1.96 * error), abs=2e-3)
    assert found.high == pytest.approx(min(1, value + 1.96 * error), abs=2e-3)


def test_readers_who_give_everything_the_same_mark_show_no_agreement_beyond_habit():
    assert weighted_kappa({(3, 3): 40}, places=PLACES).value is None
    assert krippendorff_alpha({(3, 3): 40}, places=PLACES).value is None
    assert krippendorff_alpha({}, places=PLACES).units == 0


@pytest.mark.parametrize("measure", [weighted_kappa, krippendorff_alpha])
@pytest.mark.parametrize(("patterns", "places"), [({(0, 4): 1}, 4), ({(-1, 0): 1}, 4), ({(0, 1): -1}, 4), ({}, 1)])
def test_what_is_no_rating_is_refused(measure, patterns, places):
    with pytest.raises(ValueError, match="scale"):
        measure(patterns, places=places)


# --- differences


def test_the_limits_of_agreement_are_those_of_the_article():
    """Bland and Altman 1986, table 1: peak flow by a large and a mini meter, the first reading of each person."""
    large = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
    mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]

    found = limits_of_agreement(list(zip(large, mini, strict=True)))

    assert found.files == 17
    assert found.mean is not None
    assert found.lower is not None
    assert found.upper is not None
    assert found.mean.value == pytest.approx(-2.1, abs=0.05)
    # The article rounds 1.96 to 2, and its t to 2.12.
    assert found.lower.value == pytest.approx(-79.7, abs=2)
    assert found.upper.value == pytest.approx(75.5, abs=2)
    assert (found.mean.low, found.mean.high) == pytest.approx((-22.0, 17.8), abs=2)
    assert (found.lower.low, found.lower.high) == pytest.approx((-114.3, -45.1), abs=5)


def test_two_files_have_no_limits():
    assert limits_of_agreement([(80, 70), (90, 91)]).mean is None


# --- who is milder


def plain_fit(totals):
    """Least squares by going back and forth between files and readers until nothing moves."""
    readers = {total.reader for total in totals}
    milder = dict.fromkeys(readers, 0.0)
    for _ in range(3000):
        deserved = {
            file: fmean(total.points - milder[total.reader] for total in totals if total.file == file)
            for file in {total.file for total in totals}
        }
        milder = {
            reader: fmean(total.points - deserved[total.file] for total in totals if total.reader == reader)
            for reader in readers
        }
        middle = fmean(milder.values())
        milder = {reader: points - middle for reader, points in milder.items()}
    return milder


def test_milder_and_harder_are_what_plain_fitting_finds():
    dice = random.Random(4)
    totals = [
        Total(file, reader, 70 + file % 7 + 3 * reader + dice.gauss(0, 2))
        for file in range(24)
        for reader in {file % 4, (file + 1) % 4, *([(file + 2) % 4] if file % 5 == 0 else [])}
    ]

    found = severity(totals)

    assert found.comparable
    expected = plain_fit(totals)
    assert {one.reader: one.points for one in found.readers} == pytest.approx(expected, abs=1e-6)
    assert [one.reader for one in found.readers] == [0, 1, 2, 3]
    assert sum(one.points for one in found.readers) == pytest.approx(0, abs=1e-9)


def test_nineteen_of_twenty_intervals_hold_the_truth():
    dice, held, asked = random.Random(11), 0, 0
    truth = {0: -4.0, 1: 1.0, 2: 3.0}
    for _ in range(200):
        totals = [
            Total(file, reader, 75 + truth[reader] + dice.gauss(0, 5))
            for file, pair in enumerate(list(combinations(truth, 2)) * 10)
            for reader in pair
        ]
        for one in severity(totals).readers:
            assert one.interval is not None
            held += one.interval.low <= truth[one.reader] <= one.interval.high
            asked += 1
    assert 0.92 <= held / asked <= 0.98


def test_of_two_readers_it_is_half_their_mean_difference_with_its_error():
    first, second = [80, 70, 91, 66], [75, 71, 83, 60]
    totals = [
        Total(file, reader, points) for reader in (1, 2) for file, points in enumerate((first, second)[reader - 1])
    ]
    differences = [one - other for one, other in zip(first, second, strict=True)]

    found = severity(totals)

    assert found.residual == pytest.approx(stdev(differences) / 2**0.5)
    harder, milder = found.readers
    assert (harder.reader, milder.reader, milder.shared) == (2, 1, 4)
    assert milder.points == -harder.points == pytest.approx(fmean(differences) / 2)
    assert milder.interval is not None
    assert milder.interval.high - milder.points == pytest.approx(1.96 * stdev(differences) / (2 * 4**0.5), rel=1e-4)


def test_two_groups_become_one_by_the_file_that_joins_them():
    totals = [Total(file, reader, 70) for file, pair in enumerate([(1, 2), (3, 4), (2, 3)]) for reader in pair]

    assert severity(totals).groups == 1


def test_readers_who_share_no_file_are_not_set_beside_each_other():
    totals = [Total(1, 1, 80), Total(1, 2, 70), Total(2, 3, 90), Total(2, 4, 60), Total(3, 2, 75), Total(3, 5, 75)]
    totals += [Total(4, 9, 99)]

    found = severity(totals)

    assert not found.comparable
    assert (found.groups, found.alone) == (2, (9,))
    assert [{one.reader for one in found.readers if one.group == group} for group in (1, 2)] == [{1, 2, 5}, {3, 4}]
    # As many unknowns as files: what is left over is nothing, and no interval is made of it.
    assert (found.residual, {one.interval for one in found.readers}) == (None, {None})
    assert [one.points for one in found.readers if one.group == 2] == [-15, 15]


def test_nobody_is_milder_where_nothing_was_read_twice():
    assert severity([]) == Severity(readers=(), groups=0, alone=(), residual=None)
    assert severity([Total(1, 1, 80), Total(2, 2, 70)]).alone == (1, 2)


def test_one_reader_has_one_total_of_a_file():
    with pytest.raises(ValueError, match="two totals of file 7"):
        severity([Total(7, 1, 80), Total(7, 1, 81)])


# --- how near the panel


def test_alignment_weighs_items_by_their_points_and_knows_the_side():
    panel = {
        "A1": Settled(Decimal(10), Anchor.FULL),
        "A2": Settled(Decimal(5), Anchor.PARTLY),
        "A3": Settled(Decimal(5), Anchor.NOT_APPLICABLE),
        "A4": Settled(Decimal(80), Anchor.FULL),
    }
    found = alignment(panel, {"A1": Anchor.MOSTLY, "A2": Anchor.PARTLY, "A3": Anchor.FULL, "B9": Anchor.NONE})

    # 2.5 of A1 and all 5 of A3 apart, of 20 points that both marked.
    assert (found.items, found.same, found.leaning, found.score) == (3, 1, Decimal("-2.5"), Decimal("62.5"))


def test_the_interval_of_an_alignment_is_that_of_a_mean_where_all_items_weigh_alike():
    marks = [Anchor.FULL, Anchor.MOSTLY, Anchor.PARTLY, Anchor.NONE, Anchor.FULL, Anchor.FULL]
    panel = {code: Settled(Decimal(4), Anchor.FULL) for code in range(len(marks))}

    found = alignment(panel, dict(enumerate(marks)))

    worth = [100.0, 75.0, 40.0, 0.0, 100.0, 100.0]
    assert found.interval is not None
    assert found.interval.low == pytest.approx(fmean(worth) - 1.96 * stdev(worth) / len(worth) ** 0.5)
    assert found.interval.high == 100
    # What nobody weighs is no item: its mark moves nothing.
    weightless = alignment(panel | {9: Settled(Decimal(0), Anchor.FULL)}, dict(enumerate(marks)) | {9: Anchor.NONE})
    assert weightless.score == found.score


def test_a_graded_indicator_lies_as_far_from_the_panel_as_its_grades():
    panel = {"A1": Settled(Decimal(10), Anchor.FULL, GRADE_SHARES)}

    found = alignment(panel, {"A1": Anchor.PARTLY})

    assert (found.score, found.leaning, found.interval) == (Decimal(70), Decimal(-3), None)


def test_alignment_without_a_common_item_has_no_score():
    assert alignment({"A1": Settled(Decimal(1), Anchor.FULL)}, {}).score is None
