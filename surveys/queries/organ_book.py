"""The address book of organs, and the names in cases that it does not know yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, within
from qa_service.common.errors import NotFound
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys.enums import OrganKind
from surveys.models import Organ, OrganName
from surveys.models.organs import BOOK_KEEPERS
from surveys.queries.organs import cases_before_organs

# Of the signs of both names, the part that must agree.
NEAR = 0.7
KIND_BY_WORD = {
    "法院": OrganKind.COURT,
    "检察": OrganKind.PROCURATORATE,
    "公安": OrganKind.POLICE,
    "派出所": OrganKind.POLICE,
    "仲裁": OrganKind.ARBITRATION,
}


@dataclass(frozen=True, slots=True)
class UnknownName:
    """An organ as cases name it, to which no letter can go: how many cases wait, and when the last of them closed."""

    centre: Organisation
    name: str
    cases: int
    last_closed_on: date

    @property
    def kind(self) -> OrganKind:
        return kind_by_name(self.name)


def kind_by_name(name: str) -> OrganKind:
    """What a unit of this name most likely is: a suggestion for whoever completes the entry."""
    return next((kind for word, kind in KIND_BY_WORD.items() if word in name), OrganKind.OTHER)


def likely_units(name: str, organs: Sequence[Organ]) -> list[Organ]:
    """Units whose name is so near that this may be another spelling of it, the nearest first; at most three."""
    by_name = {organ.name: organ for organ in organs}
    return [by_name[near] for near in get_close_matches(name, by_name, n=3, cutoff=NEAR)]


def organs_in_book(user: User) -> QuerySet[Organ]:
    """Entries of the user's centres, those in use first."""
    found = Organ.objects.visible_to(user).select_related("centre").prefetch_related("names")
    return found.order_by("-active", "name", "pk")


def organ_in_book(*, user: User, public_id: UUID) -> Organ:
    """:raises NotFound: there is none within the user's reach."""
    return _one(organs_in_book(user), public_id)


def organ_kept_by(*, user: User, public_id: UUID) -> Organ:
    """:raises NotFound: there is none that the user may change."""
    return _one(Organ.objects.kept_by(user).select_related("centre").prefetch_related("names"), public_id)


def _one(organs: QuerySet[Organ], public_id: UUID) -> Organ:
    found = organs.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such entry in the address book."))
    return found


def centres_with_a_book(user: User) -> QuerySet[Organisation]:
    """Centres whose address book the user keeps."""
    return organisations_reached(user, *BOOK_KEEPERS).filter(kind=OrganisationKind.CENTRE)


def unknown_names(user: User, *, now: datetime) -> list[UnknownName]:
    """Names of organs in cases to be asked about that the book of their centre does not know; two queries."""
    known = OrganName.objects.filter(centre=OuterRef("centre"), name=OuterRef("organ"))
    waiting = cases_before_organs(now=now).filter(within(user, "centre__path", *BOOK_KEEPERS)).filter(~Exists(known))
    counted = waiting.order_by().values_list("centre", "organ").annotate(cases=Count("pk"), last=Max("closed_on"))
    rows = list(counted.order_by("-cases", "organ"))
    centres = Organisation.objects.in_bulk({centre for centre, *_rest in rows})
    return [UnknownName(centres[centre], name, cases, last) for centre, name, cases, last in rows]
