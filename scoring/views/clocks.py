"""How a centre keeps its own time limits: a page, a file, and the words for both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import csv_file
from qa_service.documents.csv_export import CellValue, csv_lines
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import latest_day, today_at
from scoring.enums import YearClock
from scoring.figures.clocks import ClockLine
from scoring.forms.coverage import OneCentreForm
from scoring.models.scores import STAFF_READERS
from scoring.queries.clocks import clocks_of

LAWYERS = (YearClock.FILING,)


@dataclass(frozen=True, slots=True)
class Kept:
    """One clock in words: `limit` names its days, empty where several rules set it."""

    clock: YearClock
    limit: str
    line: ClockLine


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    form, now = one_centre(request), timezone.now()
    kept = kept_by(cast("User", request.user), form, now)
    context = {
        "form": form,
        "about": {"words": form.words, "as_of": timezone.localtime(now, form.zone)},
        "kept": kept,
        "finding": _finding(kept),
    }
    return render(request, "scoring/clocks.html", context)


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def clocks_csv(request: HttpRequest) -> HttpResponse:
    form, now = one_centre(request), timezone.now()
    rows = [_cells(each) for each in kept_by(cast("User", request.user), form, now)]
    day = f"{timezone.localtime(now, form.zone):%Y%m%d}"
    name = (_("Time limits of the centre"), *form.words, day)
    return csv_file(csv_lines(_header(), rows), *name, plain=f"clocks-{day}")


def one_centre(request: Any) -> OneCentreForm:
    """:raises Http404: the address names a centre out of reach, no period or no type, or there is no centre."""
    form = OneCentreForm(request.GET, user=cast("User", request.user), today=latest_day(timezone.now()))
    if not form.is_valid() or not form.cleaned_data["centre"]:
        raise Http404
    return form


def kept_by(user: User, form: OneCentreForm, now: datetime) -> list[Kept]:
    centre = form.cleaned_data["centre"]
    found = clocks_of(user, centre, form.cases, today=today_at(centre, now))
    limits = _limits(centre.settings)
    return [Kept(clock, limits.get(clock, ""), line) for clock, line in found.items()]


def _limits(settings: CentreSettings) -> dict[YearClock, str]:
    days = {
        YearClock.DECISION: settings.decision_limit_days,
        YearClock.ASSIGNMENT: settings.assignment_limit_days,
        YearClock.SUBSIDY: settings.subsidy_limit_days,
        YearClock.FILING: settings.filing_limit_days,
    }
    return {clock: ngettext("%(n)d day", "%(n)d days", n) % {"n": n} for clock, n in days.items()}


def _finding(kept: list[Kept]) -> str:
    """The clock kept worst of the centre's own, among those of which enough is known."""
    own = [each for each in kept if each.clock not in LAWYERS and each.line.in_time.whole]
    if not own:
        return _("Of none of the centre's own time limits is anything known in this selection.")
    missed = [each for each in own if each.line.in_time.part < each.line.in_time.whole]
    if not missed:
        return _("Every time limit of the centre that is known of was kept.")
    worst = min(missed, key=lambda each: each.line.in_time.part / each.line.in_time.whole)
    share = worst.line.in_time
    return _("Kept least: %(clock)s: %(part)d of %(whole)d in time.") % {
        "clock": worst.clock.label,
        "part": share.part,
        "whole": share.whole,
    }


def _header() -> list[str]:
    return [
        _("Time limit"),
        _("Limit"),
        _("Ended or overdue"),
        _("In time"),
        _("In time, %"),
        _("Late"),
        _("Overdue and not done"),
        _("Running"),
        _("Median days taken"),
        _("Not recorded"),
    ]


def _cells(each: Kept) -> list[CellValue]:
    line = each.line
    share = line.in_time
    return [str(each.clock.label), each.limit, share.whole, share.part, share.percent, line.late, line.overdue,
            line.running, line.days, line.untold]  # fmt: skip
