"""The means of a standing with the leaning of the files' readers taken out, where there is enough to say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import F

from qa_service.accounts.models import User
from qa_service.cases.queries import ClosedCases
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.queries import file_leanings
from scoring.calculation import part_of
from scoring.enums import SourceKind, UnitKind
from scoring.queries.schemes import rules_by, scheme_in_force
from scoring.queries.standings import ABOVE_CENTRES, StandingsTable, graded_cases
from scoring.standings import Leaning, adjusted_means


@dataclass(frozen=True, slots=True)
class AdjustedMeans:
    """By unit, 0 to 100. None where too little is known of the readers, or `too_many` files make up the standing.

    A unit is absent where one of its files was read by somebody who cannot be set beside the others.
    """

    by_unit: Mapping[int, Decimal] | None
    too_many: bool = False


def adjusted_for_readers(
    found: StandingsTable,
    *,
    kind: UnitKind,
    period: Period,
    user: User,
    centre: Organisation | None = None,
    case_type: str = "",
) -> AdjustedMeans:
    """For the standings of the same choice; four statements. Bureaux are told no such means: read a centre's.

    How mild a reader is comes from the files of the same choice that two or more have read.
    """
    if kind in ABOVE_CENTRES:
        return AdjustedMeans(None)
    cases = ClosedCases(centre_id=centre.pk if centre else None, period=period, case_type=case_type)
    leaning = file_leanings(user, cases)
    if leaning.found is None:
        return AdjustedMeans(None, too_many=leaning.too_many)
    by_file = leaning.found.by_file

    def of_cases() -> Iterator[Leaning]:
        scores = graded_cases(user=user, period=period, centre=centre, case_type=case_type)
        rows = scores.exclude(**{kind.value: None}).order_by()
        for unit, case, derivation in rows.values_list(F(kind.value), "case", "derivation").iterator():
            points = by_file.get(case)
            part = part_of(SourceKind.FILE_REVIEW, derivation)
            yield Leaning(unit=unit, points=None if points is None else Decimal(points), part=part)

    weights = rules_by(scheme_in_force(period.end - timedelta(days=1))).standing_weights
    return AdjustedMeans(adjusted_means(found.table, of_cases(), weights))
