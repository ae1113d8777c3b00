"""What managers see of reviewing. Every filter lives in the address; nothing is written here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.keyset import page_after
from qa_service.documents import charts
from qa_service.documents.content import Chart
from qa_service.organisations.queries import latest_day
from reviews.documents.figures.charts import differences_chart, few, grades_chart, losses_chart, progress_chart
from reviews.enums import MANAGING
from reviews.figures.agreement import ENOUGH_FILES, TotalsAgree
from reviews.figures.losses import Loss
from reviews.forms.overview import FilesBehindForm, OverviewForm, OwnAgreementForm
from reviews.models import CaseReview
from reviews.queries.checklists import standard_of
from reviews.queries.overview.readers import own_agreement
from reviews.queries.overview.results import ListUsed, chosen_list, file_behind, files_behind, lists_used
from reviews.queries.overview.told import Overview, overview_of

Choice = TypeVar("Choice", bound=OverviewForm)
# As many names as a picture has room for.
LAWYERS_A_PAGE = 10
FILES_A_PAGE = 50


def asked(request: HttpRequest, kind: type[Choice], *, now: datetime) -> Choice:
    """What the address chooses. :raises Http404: what is not offered."""
    form = kind(request.GET, user=cast("User", request.user), today=latest_day(now))
    if not form.is_valid():
        raise Http404
    return form


def about(form: OverviewForm, *, now: datetime) -> dict[str, object]:
    """The choice in words, of a form found valid."""
    period = form.period_words
    closed = _("cases closed in: %(period)s") % {"period": period} if period else ""
    words = (form.centre_words, closed, form.case_type_words)
    return {"words": [each for each in words if each], "as_of": timezone.localtime(now, form.zone)}


@roles_required(Role.REVIEWER)
@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """How far a reviewer agrees with whoever read the same files: of themself alone, nobody else is named."""
    now, user = timezone.now(), cast("User", request.user)
    form = asked(request, OwnAgreementForm, now=now)
    found = own_agreement(user, form.cases, checklist=form.cleaned_data["checklist"])
    _offer(form, found.used, found.chosen)
    context = {"form": form, "about": about(form, now=now), "found": found, "needed": ENOUGH_FILES}
    context |= _differences(found.agree.totals, y_label=_("Your total less the other's"))
    return render(request, "reviews/own_agreement.html", context)


@roles_required(*MANAGING)
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    now, user = timezone.now(), cast("User", request.user)
    form = asked(request, OverviewForm, now=now)
    found = overview_of(user, form.cases, checklist=form.cleaned_data["checklist"], now=now)
    _offer(form, found.used, found.chosen)
    context = {"form": form, "about": about(form, now=now), "found": found, "needed": ENOUGH_FILES}
    context |= _progress(found) | _grades(found) | _losses(found, request.GET)
    context |= _differences(found.agreement.agree.totals, y_label=_("First reader's total less the second's"))
    return render(request, "reviews/overview.html", context)


@roles_required(*MANAGING)
@never_cache
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """The results that a share of points lost is of: of one item or all, of one lawyer or all."""
    now, user = timezone.now(), cast("User", request.user)
    form = asked(request, FilesBehindForm, now=now)
    chosen = chosen_list(lists_used(user, form.cases), form.cleaned_data["checklist"])
    item = form.cleaned_data["item"]
    titles = {code: str(each) for code, each in standard_of(chosen.checklist).items.items()} if chosen else {}
    if chosen and item and item not in titles:
        raise Http404
    found = (
        files_behind(user, form.cases, chosen.checklist, lawyer=form.cleaned_data["lawyer"])
        if chosen
        else CaseReview.objects.none()
    )
    page = page_after(found, day="released_at", after=request.GET.get("after", ""), size=FILES_A_PAGE)
    context = {
        "about": about(form, now=now),
        "list": chosen.name if chosen else "",
        "item": f"{item} {titles[item]}" if item and chosen else "",
        "one_lawyer": form.cleaned_data["lawyer"] is not None,
        "page": page,
        "rows": [file_behind(row, item) for row in page.rows],
    }
    return render(request, "reviews/overview/files.html", context)


def _offer(form: OverviewForm, used: tuple[ListUsed, ...], chosen: ListUsed | None) -> None:
    lists = [(str(each.checklist.public_id), each.name) for each in used]
    form.offer(str(chosen.checklist.public_id) if chosen else "", lists)


def _differences(totals: TotalsAgree, *, y_label: str) -> dict[str, Any]:
    chart = differences_chart(totals.points, totals.limits, y_label=y_label) if totals.limits else None
    return {"differences_picture": _picture(chart, "differences")} if chart else {}


def _progress(found: Overview) -> dict[str, Any]:
    whole = found.progress.whole
    chart = progress_chart(drawn=whole.drawn, given=whole.given, read=whole.read, released=whole.released)
    return {"progress_picture": _picture(chart, "progress")}


def _grades(found: Overview) -> dict[str, Any]:
    lines = [(each.label, each.files, [(one.grade, one.share) for one in each.grades]) for each in found.grades]
    return {"grades_picture": _picture(grades_chart(lines), "grades")}


def _losses(found: Overview, asked: QueryDict) -> dict[str, Any]:
    """The lawyers of one page; their names stand once over the table and once over the picture."""
    if found.losses is None:
        return {}
    page = Paginator(found.losses.map.lawyers, LAWYERS_A_PAGE).get_page(asked.get("page"))
    losses = found.losses.of(tuple(page.object_list))
    columns = [_("All"), *(name for name, _lawyer in losses.lawyers)]
    idents = ["", *(str(losses.ids[each.lawyer]) for each in losses.map.lawyers)]

    def linked(cells: Sequence[Loss], item: str = "") -> list[tuple[Loss, str]]:
        links = (_behind(asked, item=item, lawyer=ident) for ident in idents)
        return list(zip(cells, links, strict=True))

    wholes = [losses.map.all.whole, *(each.whole for each in losses.map.lawyers)]
    rows = [(_("All items"), linked(wholes))]
    rows += [(f"{code} {title}", linked([whole, *cells], code)) for code, title, whole, cells in losses.lines]
    told = losses.map.all.whole.lost is not None
    return {
        "page": page,
        "columns": columns,
        "rows": [(label, [(loss, few(loss), url) for loss, url in cells]) for label, cells in rows],
        "losses_picture": _picture(losses_chart(found.losses.finding, columns, rows), "losses") if told else "",
    }


def _behind(asked: QueryDict, *, item: str, lawyer: str) -> str:
    """The files behind a cell: by the filters of the page."""
    query = asked.copy()
    query.pop("page", None)
    for name, value in (("item", item), ("lawyer", lawyer)):
        if value:
            query[name] = value
    return f"{reverse('reviews:overview-files')}?{query.urlencode()}"


def _picture(chart: Chart, ident: str) -> SafeString:
    return mark_safe(charts.svg(chart, ident=ident))  # noqa: S308 -- an XML writer has escaped every text
