"""Telling the managers of a centre, once, that the reports of a month or quarter can be read: on their home, by e-mail.

Each says how often they wish it. What they are told carries a link and no figure.
"""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.models import Case
from qa_service.common.period_names import name_of
from qa_service.common.periods import Period
from qa_service.notifications.services import notify
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import latest_day, today_at
from scoring.enums import Telling
from scoring.models import ReportTold, ReportWish
from scoring.wording import MONTH_READY, REPORTS_READY

A_SWEEP = 200
# Whoever sets the service up later than that is told of the next period.
TOLD_WITHIN = timedelta(days=14)


def wish_reports(*, user: User, how_often: Telling) -> None:
    """From now on; told already is told."""
    ReportWish.objects.update_or_create(user=user, defaults={"how_often": how_often})


def tell_of_reports(*, now: datetime) -> int:
    """Of the month and the quarter that ended in the last fourteen days, where a case was closed in it.

    Safe to run twice at once. Returns how often a centre was told.
    """
    today = latest_day(now)
    yesterday = today.replace(day=1) - timedelta(days=1)
    month = Period.month(yesterday.year, yesterday.month)
    quarter = Period.quarter_of(Period.quarter_of(today).start - timedelta(days=1))
    return sum(_tell_of(over, now=now) for over in (month, quarter) if today - over.end < TOLD_WITHIN)


def _tell_of(over: Period, *, now: datetime) -> int:
    return sum(_tell(centre, over, now=now) for centre in _waiting(over) if today_at(centre, now) >= over.end)


def _waiting(over: Period) -> list[Organisation]:
    cases = Case.objects.filter(centre=OuterRef("pk"), closed_on__gte=over.start, closed_on__lt=over.end)
    told = ReportTold.objects.filter(centre=OuterRef("pk"), start=over.start, end=over.end)
    centres = Organisation.objects.filter(Exists(cases), ~Exists(told), kind=OrganisationKind.CENTRE)
    if _is_month(over):
        centres = centres.filter(Exists(_monthly(Grant.objects.filter(organisation=OuterRef("pk")))))
    return list(centres.select_related("settings").order_by("pk")[:A_SWEEP])


def _is_month(over: Period) -> bool:
    return over == Period.month(over.start.year, over.start.month)


def _monthly(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    wishing = ReportWish.objects.filter(how_often=Telling.MONTHLY).values("user")
    return grants.filter(role=Role.MANAGER, user__is_active=True, user__in=wishing)


def _readers(centre: Organisation, over: Period) -> QuerySet[User]:
    """Without a word of theirs, managers are told after each quarter."""
    managers = User.objects.filter(is_active=True, grants__role=Role.MANAGER, grants__organisation=centre).distinct()
    if _is_month(over):
        return managers.filter(pk__in=ReportWish.objects.filter(how_often=Telling.MONTHLY).values("user"))
    return managers.exclude(pk__in=ReportWish.objects.exclude(how_often=Telling.QUARTERLY).values("user"))


def _tell(centre: Organisation, over: Period, *, now: datetime) -> bool:
    text, part = (MONTH_READY, "month") if _is_month(over) else (REPORTS_READY, "quarter")
    number = over.start.month if _is_month(over) else (over.start.month + 2) // 3
    asked = urlencode({"centre": centre.code, "period": name_of(over)})
    try:
        with transaction.atomic():
            ReportTold.objects.create(centre=centre, start=over.start, end=over.end, told_at=now)
            notify(
                users=_readers(centre, over),
                text=text,
                params={"year": over.start.year, part: number},
                url=f"{reverse('scoring:report')}?{asked}",
                now=now,
            )
    except IntegrityError:  # another worker told them this moment
        return False
    return True
