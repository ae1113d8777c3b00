"""What managers see of reviewing. Every filter lives in the address; nothing is written here."""

from datetime import datetime
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.documents import charts
from qa_service.documents.content import Chart
from qa_service.organisations.queries import latest_day
from reviews.documents.figures.charts import progress_chart
from reviews.enums import MANAGING
from reviews.forms.overview import OverviewForm
from reviews.queries.overview.told import overview_of


def about(form: OverviewForm, *, now: datetime) -> dict[str, object]:
    """The choice in words, of a form found valid."""
    period = form.period_words
    closed = _("cases closed in: %(period)s") % {"period": period} if period else ""
    words = (form.centre_words, closed, form.case_type_words)
    return {"words": [each for each in words if each], "as_of": timezone.localtime(now, form.zone)}


@roles_required(*MANAGING)
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    now, user = timezone.now(), cast("User", request.user)
    form = OverviewForm(request.GET, user=user, today=latest_day(now))
    if not form.is_valid():
        raise Http404
    found = overview_of(user, form.cases, now=now)
    whole = found.progress.whole
    context = {
        "form": form,
        "about": about(form, now=now),
        "found": found,
        "progress_picture": _picture(
            progress_chart(drawn=whole.drawn, given=whole.given, read=whole.read, released=whole.released), "progress"
        ),
    }
    return render(request, "reviews/overview.html", context)


def _picture(chart: Chart, ident: str) -> SafeString:
    return mark_safe(charts.svg(chart, ident=ident))  # noqa: S308 -- an XML writer has escaped every text
