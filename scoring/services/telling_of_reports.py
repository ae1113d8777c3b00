"""Telling the managers of a centre, once, that the reports of a quarter can be read: on their home and by e-mail."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.notifications.services import notify
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import latest_day, today_at
from scoring.models import ReportTold
from scoring.wording import REPORTS_READY

A_SWEEP = 200
# Whoever sets the service up later than that is told of the next quarter.
TOLD_WITHIN = timedelta(days=14)


def tell_of_reports(*, now: datetime) -> int:
    """Of the quarter that ended in the last fourteen days, where a case was closed in it. Safe to run twice at once.

    Returns how many centres were told.
    """
    today = latest_day(now)
    over = Period.quarter_of(Period.quarter_of(today).start - timedelta(days=1))
    if today - over.end >= TOLD_WITHIN:
        return 0
    return sum(_tell(centre, over, now=now) for centre in _waiting(over) if today_at(centre, now) >= over.end)


def _waiting(over: Period) -> list[Organisation]:
    cases = Case.objects.filter(centre=OuterRef("pk"), closed_on__gte=over.start, closed_on__lt=over.end)
    told = ReportTold.objects.filter(centre=OuterRef("pk"), start=over.start, end=over.end)
    centres = Organisation.objects.filter(Exists(cases), ~Exists(told), kind=OrganisationKind.CENTRE)
    return list(centres.select_related("settings").order_by("pk")[:A_SWEEP])


def _tell(centre: Organisation, over: Period, *, now: datetime) -> bool:
    quarter = (over.start.month + 2) // 3
    managers = User.objects.filter(is_active=True, grants__role=Role.MANAGER, grants__organisation=centre).distinct()
    asked = urlencode({"centre": centre.code, "period": f"{over.start.year}-{quarter}"})
    try:
        with transaction.atomic():
            ReportTold.objects.create(centre=centre, start=over.start, end=over.end, told_at=now)
            notify(
                users=managers,
                text=REPORTS_READY,
                params={"year": over.start.year, "quarter": quarter},
                url=f"{reverse('scoring:report')}?{asked}",
                now=now,
            )
    except IntegrityError:  # another worker told them this moment
        return False
    return True
