"""One draw over several centres, for a city-wide review: each gives its own share, and all are drawn or none is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.enums import Rule
from reviews.models import Sample
from reviews.services.assignments import Given, assign_sample
from reviews.services.samples import NothingDrawn, draw_sample

FEWEST = 2


class TooFewCentres(InvalidInput):
    code = "too_few_centres"


class CentreRefused(InvalidInput):
    """`refused` is what was refused there, with its own code; the sentence says at which centre."""

    code = "centre_refused"

    def __init__(self, centre: Organisation, refused: DomainError) -> None:
        self.refused = refused
        super().__init__(
            format_lazy("{}{}{}", centre.name, _(": "), refused.message),
            field=refused.field,
            centre=centre.code,
            reason=refused.code,
        )


@dataclass(frozen=True, slots=True)
class DrawnTogether:
    """`empty`: centres of whose cases nothing is drawn."""

    samples: tuple[Sample, ...]
    empty: tuple[Organisation, ...]


@transaction.atomic
def draw_together(
    *,
    centres: Iterable[Organisation],
    period: Period,
    seed: str,
    rate: Decimal,
    rules: Iterable[Rule],
    twice: Decimal = Decimal(0),
    frame_digests: Mapping[str, str] | None = None,
    user: User,
    now: datetime,
) -> DrawnTogether:
    """A sample of each centre by the same seed, share and rules, whose files nobody of that county reads.

    A second time draws nothing more. A centre of whose cases nothing is drawn is left out and named.

    :param frame_digests: the preview's, by the code of the centre; none where nobody previewed.
    :raises TooFewCentres: fewer than two, or nothing is drawn of any of them.
    :raises CentreRefused: one of them cannot be drawn from so; then none is.
    """
    # Always in the same order, so that two who draw at once wait for one another and end.
    places = sorted({centre.pk: centre for centre in centres}.values(), key=lambda centre: centre.pk)
    if len(places) < FEWEST:
        raise TooFewCentres(_("Choose at least two centres."), field="centres")
    digests = frame_digests or {}
    chosen = list(rules)
    samples: list[Sample] = []
    empty: list[Organisation] = []
    for centre in places:
        try:
            sample = draw_sample(
                centre=centre,
                period=period,
                seed=seed,
                rate=rate,
                rules=chosen,
                twice=twice,
                city_wide=True,
                frame_digest=digests.get(centre.code, ""),
                user=user,
                now=now,
            )
            samples.append(sample)
        except NothingDrawn:
            empty.append(centre)
        except DomainError as error:
            raise CentreRefused(centre, error) from error
    if not samples:
        raise TooFewCentres(_("These rules draw no file from this period at any of these centres."), field="centres")
    return DrawnTogether(tuple(samples), tuple(empty))


@transaction.atomic
def assign_samples(*, samples: Sequence[Sample], user: User, now: datetime) -> Given:
    """Give out the files of several samples, one after the other: who has got some of one holds them for the next."""
    given = [assign_sample(sample=sample, user=user, now=now) for sample in sorted(samples, key=lambda row: row.pk)]
    return Given(
        tuple(row for each in given for row in each.assigned), tuple(left for each in given for left in each.refused)
    )
