"""What is told of readers of the same files, from numbers alone, and when there is too little to tell it."""

from decimal import Decimal

import pytest

from reviews.enums import Anchor, Band
from reviews.figures.agreement import Reading, items_agree, one_agrees, readers_agree

STRICT, MIDDLING, MILD = 1, 2, 3
POINTS = {STRICT: 76, MIDDLING: 80, MILD: 84}


def read(file: int, *readers: int) -> list[Reading]:
    # Two points up or down by chance, so that there is something for an interval to hold.
    return [
        Reading(file, reader, turn, Decimal(POINTS[reader] + (file + turn) % 3 - 1), Band.GOOD)
        for turn, reader in enumerate(readers, start=1)
    ]


def linked(files: int) -> list[Reading]:
    pairs = ((STRICT, MIDDLING), (MIDDLING, MILD), (MILD, STRICT))
    return [each for file in range(files) for each in read(file, *pairs[file % 3])]


def test_who_is_milder_is_told_with_an_interval_once_three_share_twenty_files():
    found = readers_agree(linked(20)).severity

    assert found is not None
    assert [each.reader for each in found.readers] == [STRICT, MIDDLING, MILD]
    assert found.readers[0].interval is not None
    assert found.readers[0].interval.high < 0 < found.readers[2].points


def test_below_twenty_files_only_counts_are_told():
    found = readers_agree(linked(19))

    assert (found.severity, found.totals.limits, found.totals.points) == (None, None, ())
    assert (found.totals.files, found.totals.same_band.part, found.totals.within.part) == (19, 19, 19)


def test_of_two_readers_nobody_learns_from_their_own_what_the_other_is():
    both = [each for file in range(30) for each in read(file, STRICT, MILD)]

    assert readers_agree(both).severity is None
    assert one_agrees(both, STRICT).leniency is None
    assert one_agrees(linked(30), STRICT).leniency is not None


def test_no_leaning_is_told_where_as_many_things_were_to_be_found_out_as_files_tell_them():
    """One who shared a file with each of twenty others: nothing is left to make an interval of."""
    star = [Reading(file, reader, turn, Decimal(80 + file % 5), Band.GOOD)
            for file in range(20) for turn, reader in enumerate((0, file + 1), start=1)]  # fmt: skip

    assert (one_agrees(star, 0).leniency, readers_agree(star).severity) == (None, None)


def test_readers_who_share_no_file_are_warned_of():
    apart = [*linked(21), Reading(100, 4, 1, Decimal(80), Band.GOOD)]

    assert (readers_agree(apart).apart, readers_agree(apart).alone) == (True, (4,))
    assert not readers_agree(linked(21)).apart


def test_one_reader_is_set_beside_whoever_read_the_same_file_in_either_turn():
    found = one_agrees([*read(1, STRICT, MILD), *read(2, MILD, STRICT), *read(3, MIDDLING, MILD)], STRICT)

    assert found.totals.files == 2


@pytest.mark.parametrize(("files", "told"), [(19, False), (20, True)])
def test_an_item_has_coefficients_once_twenty_files_place_it(files, told):
    patterns = [
        ("A1", (Anchor.FULL, Anchor.FULL, None), files - 1),
        ("A1", (Anchor.FULL, Anchor.NONE, Anchor.MOSTLY), 1),
        ("A1", (Anchor.FULL, Anchor.NOT_APPLICABLE, None), 3),
    ]

    (item,) = items_agree(patterns, ["A1", "A2"])

    assert (item.same.part, item.same.whole) == (files - 1, files + 3)
    assert (item.kappa is not None, item.alpha is not None) == (told, told)
    if item.alpha is not None:
        assert item.alpha.units == files
