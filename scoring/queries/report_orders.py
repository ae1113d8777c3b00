"""A person's ordered reports, and how often they are told of those that can be read."""

from django.db.models import QuerySet

from qa_service.accounts.models import User
from scoring.enums import Telling
from scoring.models import ReportOrder, ReportWish

SHOWN = 50


def orders_of(user: User) -> QuerySet[ReportOrder]:
    """One's own, the newest on top."""
    rows = ReportOrder.objects.visible_to(user).select_related("place", "lawyer", "file", "ordered_by")
    return rows.order_by("-pk")


def wish_of(user: User) -> Telling:
    found = ReportWish.objects.filter(user=user).values_list("how_often", flat=True).first()
    return Telling(found) if found else Telling.QUARTERLY
