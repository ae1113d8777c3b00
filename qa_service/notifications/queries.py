"""What a person was told and has not read yet."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from qa_service.accounts.models import User
from qa_service.notifications.models import Notification

# Of one sentence so many are shown at once; older ones come up when these are read.
SHOWN_OF_A_KIND = 100


@dataclass(frozen=True, slots=True)
class Alike:
    """Notices of one sentence, the newest first. `count`: how many are unread, shown or not."""

    rows: tuple[Notification, ...]
    count: int

    @property
    def newest(self) -> Notification:
        return self.rows[0]


def unread_notifications(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, read_at=None).order_by("-created_at")


def shown_notifications(user: User, *, until: datetime) -> QuerySet[Notification]:
    """The unread ones that the home shows: of each sentence the newest, none later than `until`."""
    rows = unread_notifications(user).filter(created_at__lte=until)
    placed = rows.annotate(
        place=Window(RowNumber(), partition_by=F("text"), order_by=[F("created_at").desc(), F("pk").desc()]),
        last=Window(Max("created_at"), partition_by=F("text")),
    )
    return placed.filter(place__lte=SHOWN_OF_A_KIND).order_by("-last", "text", "place")


def alike_notifications(user: User, *, until: datetime) -> list[Alike]:
    """What the home shows, by sentence, the sentence told last first. Two queries, however many there are."""
    shown = shown_notifications(user, until=until)
    unread = unread_notifications(user).filter(created_at__lte=until).order_by()
    counts = dict(unread.values_list("text").annotate(Count("pk")))
    return [Alike(rows=tuple(rows), count=counts[text]) for text, rows in groupby(shown, key=lambda row: row.text)]
