"""What the centre asks: how far it has got, and the cases whose clients wait for a manager's word."""

from collections import Counter
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import within
from qa_service.cases import queries as cases
from qa_service.cases.models import Case
from qa_service.cases.services import release_surveys
from qa_service.common.ids import ids_among
from qa_service.common.keyset import page_in_order
from surveys import queries
from surveys.documents.figures.charts import way_chart
from surveys.enums import Channel
from surveys.queries.alerts import open_alerts
from surveys.queries.figures.told import funnel_content
from surveys.queries.handset import HOLDERS
from surveys.queries.turns import waiting_for_turn
from surveys.services.inviting.foresight import ways_to_ask
from surveys.views.figures import WayShown, chosen, picture

PAGE_SIZE = 50
SHOWN_WITH = ("centre__settings", "client__contact_plan")


@roles_required(Role.MANAGER, Role.SUPERVISOR, Role.FOLLOW_UP)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """From closed cases to finished answers, step by step: where clients are lost."""
    user = cast("User", request.user)
    asked = chosen(request)
    content = funnel_content(user=user, choice=asked.choice, about=asked.about, ways=(), now=asked.now)
    whole = content.whole
    context = {
        "form": asked.form,
        "about": asked.about,
        "content": content,
        "whole": WayShown(whole, picture(way_chart(whole, title=whole.label), ident=whole.code)),
        "to_release": _to_release(user).count(),
        "may_release": user.has_role(Role.MANAGER),
        "may_call": user.has_role(Role.FOLLOW_UP, Role.MANAGER),
        "raised": open_alerts(user, now=asked.now).count(),
        "to_call": queries.telephone_list(user=user, now=asked.now).count(),
        "waiting": len(waiting_for_turn(user=user, now=asked.now)),
        "handset": queries.handset_is_on() and user.has_role(*HOLDERS),
    }
    return render(request, "surveys/staff/overview.html", context)


@roles_required(Role.MANAGER)
@require_safe
def awaiting_release(request: HttpRequest) -> HttpResponse:
    """History and late cases: nobody is asked about them until a manager says so."""
    waiting = _to_release(cast("User", request.user)).select_related(*SHOWN_WITH)
    rows = waiting.order_by("-closed_on", "number", "pk")
    page = page_in_order(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    cases = list(page.rows)
    ways = ways_to_ask(cases, now=timezone.now())
    return render(
        request, "surveys/staff/release.html", {"page": page, "rows": [(case, ways[case.pk]) for case in cases]}
    )


@roles_required(Role.MANAGER)
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    chosen = _to_release(user).filter(public_id__in=_ticked(request))
    if "all" in request.POST and "sure" not in request.POST:
        return _ask_again(request, chosen)
    count = release_surveys(cases=chosen, actor=user.actor, now=timezone.now())
    level = messages.SUCCESS if count else messages.ERROR
    text = ngettext("%(count)s case released to be asked.", "%(count)s cases released to be asked.", count)
    messages.add_message(request, level, text % {"count": count})
    return redirect("surveys:release-list")


def _ask_again(request: HttpRequest, chosen: QuerySet[Case]) -> HttpResponse:
    """A whole page is released by a second press, after what it does was said: no text is called back."""
    cases = list(chosen.filter(centre__settings__go_live_on__isnull=False).select_related(*SHOWN_WITH))
    ways = Counter(way.channel for way in ways_to_ask(cases, now=timezone.now()).values())
    context = {"cases": cases, "ways": [(Channel(channel).label, count) for channel, count in ways.most_common()]}
    return render(request, "surveys/staff/release_sure.html", context)


def _to_release(user: User) -> QuerySet[Case]:
    return cases.awaiting_release().filter(within(user, "centre__path", Role.MANAGER))


def _ticked(request: HttpRequest) -> list[UUID]:
    """The ticked cases, or all that the page showed; one released meanwhile is passed over."""
    return ids_among(request.POST.getlist("shown" if "all" in request.POST else "cases"))
