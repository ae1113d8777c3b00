"""Rows of which some cannot be read: what is encrypted may be damaged, and one such row must not hide the others."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import NotFound
from surveys.enums import Sweep
from surveys.models import SetAside

Row = TypeVar("Row", bound=Model)


def is_set_aside(sweep: Sweep, *, now: datetime) -> Exists:
    """A condition on rows: the sweep failed at them, and their next try has not come."""
    return Exists(SetAside.objects.filter(sweep=sweep, row=OuterRef("pk"), again_at__gt=now))


def left_out(sweep: Sweep, row: int) -> SetAside:
    """:raises SetAside.DoesNotExist: the sweep has not failed at it."""
    return SetAside.objects.get(sweep=sweep, row=row)


# Each sweep looks once an hour or oftener: whatever has not failed again by then has gone on.
GONE_ON_AFTER = timedelta(hours=2)


def rows_set_aside(user: User, *, now: datetime) -> QuerySet[SetAside]:
    """What is left out now, or is being tried again, the longest first; no row whose next try has gone well."""
    left = SetAside.objects.visible_to(user).filter(again_at__gt=now - GONE_ON_AFTER)
    return left.select_related("centre", "case").order_by("since", "pk")


def row_set_aside(*, user: User, public_id: UUID) -> SetAside:
    """:raises NotFound: none the user may see."""
    found = SetAside.objects.visible_to(user).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("Nothing is set aside under this address."))
    return found


@dataclass(frozen=True, slots=True)
class Read(Generic[Row]):
    """`unreadable`: the keys of the others."""

    rows: list[Row]
    unreadable: tuple[int, ...] = ()


def read_each(rows: QuerySet[Row], *, limit: int) -> Read[Row]:
    """The first so many, in one query. Only where one of them cannot be read is each read by itself."""
    try:
        return Read(list(rows[:limit]))
    except InvalidToken:
        pass
    found: list[Row] = []
    unreadable: list[int] = []
    for key in list(rows.values_list("pk", flat=True)[:limit]):
        try:
            found += rows.filter(pk=key)
        except InvalidToken:
            unreadable.append(key)
    return Read(found, tuple(unreadable))
