"""What managers see of asking: pages, files and papers of the same lines. Every filter lives in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import csv_file, pdf_file
from qa_service.documents import charts
from qa_service.documents.content import Chart
from qa_service.documents.csv_export import CellValue, csv_lines
from qa_service.organisations.queries import latest_day
from surveys import documents
from surveys.documents.figures.charts import way_chart
from surveys.documents.figures.content import About, FunnelContent, WayLines
from surveys.enums import Occasion
from surveys.figures.funnel import STEPS, Step, Way
from surveys.forms.figures import FiguresForm, FunnelForm
from surveys.models.conversations import STAFF_ROLES
from surveys.queries.figures.behind import Figure, behind
from surveys.queries.figures.files import funnel_header, funnel_rows
from surveys.queries.figures.scope import Choice
from surveys.queries.figures.told import funnel_content
from surveys.queries.figures.words import WAYS, loss_known, loss_words, step_words

# Who answers for what asking costs.
COST_READERS = (Role.MANAGER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for."""

    form: FiguresForm
    choice: Choice
    about: About
    now: datetime


@dataclass(frozen=True, slots=True)
class WayShown:
    """The lines of one way and their picture."""

    lines: WayLines
    chart: SafeString


def chosen(request: HttpRequest, form_class: type[FiguresForm] = FiguresForm) -> Chosen:
    """:raises Http404: the address names a centre out of reach, or no period."""
    now = timezone.now()
    form = form_class(request.GET, user=cast("User", request.user), today=latest_day(now))
    if not form.is_valid():
        raise Http404
    return Chosen(form=form, choice=form.choice, about=about(form, now=now), now=now)


def about(form: FiguresForm, *, now: datetime) -> About:
    """The choice in words."""
    period, wave = form.period_words, form.cleaned_data.get("wave", "")
    of_period = _("follow-ups begun in: %(period)s") if wave else _("cases closed in: %(period)s")
    return About(
        wave=str(Occasion(wave).label) if wave else "",
        centre=form.centre_words,
        period=of_period % {"period": period} if period else "",
        case_type=form.case_type_words,
        as_of=timezone.localtime(now, form.zone),
    )


def shared(request: HttpRequest, asked: Chosen) -> dict[str, object]:
    """What every page of figures shows: the filters, of whom it speaks, the way to the others."""
    sees_costs = cast("User", request.user).has_role(*COST_READERS)
    return {"form": asked.form, "about": asked.about, "sees_costs": sees_costs}


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    """From closed cases to finished answers, step by step and way by way: where clients are lost, and why."""
    asked = chosen(request, FunnelForm)
    content = _funnel(request, asked)
    ways = [WayShown(way, picture(way_chart(way, title=way.label), ident=way.code)) for way in content.ways]
    context = {"content": content, "whole": ways[0], "ways": ways[1:]}
    return render(request, "surveys/staff/figures/funnel.html", context | shared(request, asked))


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def funnel_csv(request: HttpRequest) -> HttpResponse:
    asked = chosen(request, FunnelForm)
    rows = funnel_rows(_funnel(request, asked))
    return table_file(funnel_header(), rows, name=_("Response funnel"), plain="funnel", about=asked.about)


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def funnel_pdf(request: HttpRequest) -> HttpResponse:
    asked = chosen(request, FunnelForm)
    data = documents.funnel_pdf(_funnel(request, asked), language=get_language() or "zh-hans")
    return paper_file(data, name=_("Response funnel"), plain="funnel", about=asked.about)


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def funnel_behind(request: HttpRequest) -> HttpResponse:
    """The follow-ups that one number counts."""
    asked = chosen(request, FunnelForm)
    figure = figure_named(
        way=request.GET.get("way", ""), step=request.GET.get("step", ""), loss=request.GET.get("loss", "")
    )
    after = request.GET.get("after", "")
    if figure is None or (after and not after.isdecimal()):
        raise Http404
    page = behind(
        user=cast("User", request.user),
        choice=asked.choice,
        figure=figure,
        after=int(after) if after else None,
        now=asked.now,
    )
    context = {
        "about": asked.about,
        "page": page,
        "way": WAYS[figure.way],
        "what": loss_words(figure.loss) if figure.step is None else step_words(figure.way, figure.step),
    }
    return render(request, "surveys/staff/figures/behind.html", context)


def figure_named(*, way: str, step: str, loss: str) -> Figure | None:
    """A number by its codes, as links and endpoints name it; None where there is none of the name."""
    if way not in set(Way):
        return None
    steps = {each.code: each for each in STEPS[Way(way)] if each is not Step.CLOSED}
    if step in steps and not loss:
        return Figure(way=Way(way), step=steps[step])
    if not step and loss_known(loss):
        return Figure(way=Way(way), loss=loss)
    return None


def _funnel(request: HttpRequest, asked: Chosen) -> FunnelContent:
    return funnel_content(user=cast("User", request.user), choice=asked.choice, about=asked.about, now=asked.now)


def picture(chart: Chart, *, ident: str) -> SafeString:
    return mark_safe(charts.svg(chart, ident=ident))  # noqa: S308 -- an XML writer has escaped every text


def table_file(
    header: Iterable[str], rows: Iterable[Iterable[CellValue]], *, name: str, plain: str, about: About
) -> HttpResponse:
    """Named for what it is, of whom and as of when."""
    day = f"{about.as_of:%Y%m%d}"
    return csv_file(csv_lines(header, rows), name, *about.words, day, plain=f"{plain}-{day}")


def paper_file(data: bytes, *, name: str, plain: str, about: About) -> HttpResponse:
    day = f"{about.as_of:%Y%m%d}"
    return pdf_file(data, name, *about.words, day, plain=f"{plain}-{day}")
