"""An invented country, to see how everything goes at its size: places, people, a year of cases, read and weighed.

Its rows are those that the service itself would have written, but for the record and the texts: every case has its
client, its result of file review and its score with its derivation, and of every fifth its client answered. They are
written in chunks of cases, each whole; what was broken off is to be thrown away with its database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from qa_service import founding
from qa_service.accounts.enums import Role
from qa_service.accounts.services import grant_role, open_account
from qa_service.common.errors import InvalidInput
from qa_service.country.cases import CaseTables
from qa_service.country.places import found_country
from qa_service.demo import PASSWORD
from qa_service.organisations.models import Lawyer, Organisation

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Size:
    """`answered`, `read`: percent of the cases. `years`: over how many the closings spread, the last of them now."""

    cases: int = 1_500_000
    lawyers: int = 100_000
    centres: int = 3_000
    answered: int = 20
    read: int = 100
    years: int = 1

    def refuse_if_nonsense(self) -> None:
        """:raises InvalidInput: naming the argument."""
        if not 0 < self.centres <= self.lawyers:
            raise InvalidInput(_("There is at least one centre, and a lawyer for each."), field="centres")
        if self.cases < 0 or self.years < 1:
            raise InvalidInput(_("A number of cases or years below what there can be."), field="cases")
        if not (0 <= self.answered <= 100 and 0 <= self.read <= 100):  # noqa: PLR2004 - percent
            raise InvalidInput(_("A percentage lies between 0 and 100."), field="answered")


def generate_country(*, size: Size, now: datetime) -> Iterator[int]:
    """Make it, and say after each chunk how many cases there are.

    :raises AlreadyFounded: the database knows an organisation: what is real is never mixed with what is invented.
    :raises InvalidInput: sizes that no country has.
    """
    size.refuse_if_nonsense()
    founding.refuse_if_founded()
    with transaction.atomic():
        founding.publish_defaults(now=now)
        country = found_country(centres=size.centres, lawyers=size.lawyers, now=now)
        _open_accounts(now=now)
    last = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1)
    tables = CaseTables(country=country, first=_years_before(last, size.years), last=last, now=now)
    for start in range(0, size.cases, CHUNK):
        numbers = range(start, min(start + CHUNK, size.cases))
        with transaction.atomic():
            tables.write(numbers, read=size.read, answered=size.answered)
        yield numbers.stop
    tables.finish()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _years_before(last: date, years: int) -> date:
    return last - timedelta(days=365 * years - 1)


def _open_accounts(*, now: datetime) -> None:
    """Who oversees everything, who manages the first centre, and its first lawyer; with the password of the demo."""
    root = Organisation.objects.get(code="country")
    centre = Organisation.objects.get(code="centre-1")
    lawyer = Lawyer.objects.order_by("pk").first()
    for username, name, role, place in (
        ("supervisor", "贺文静", Role.SUPERVISOR, root),
        ("operator", "卢启明", Role.OPERATOR, root),
        ("manager", "段海宁", Role.MANAGER, centre),
        ("lawyer", "", Role.LAWYER, None),
    ):
        user = open_account(
            username=username,
            display_name=name or lawyer.name if lawyer else name,
            password=PASSWORD,
            actor=founding.FOUNDER,
            organisation=place or centre,
            lawyer=None if place else lawyer,
            now=now,
        )
        grant_role(user=user, role=role, organisation=place, actor=founding.FOUNDER, now=now)
