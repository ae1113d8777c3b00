from decimal import Decimal

from reviews.agreement import Agreement, Reading, agreement
from reviews.enums import Band


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
