"""Ordered reports: one's own list, how far one is, its file while it is kept; and how often one is told of reports."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.downloads import file_name
from qa_service.common.errors import InvalidInput, NotFound
from qa_service.files.views import guarded
from scoring.enums import OrderState, ReportForm, ReportKind, Telling
from scoring.models import DECIDING_ROLES, ReportOrder
from scoring.queries.lawyer_file import Reading, file_to_read
from scoring.queries.report_choice import PAPER, Asked, report_asked
from scoring.queries.report_orders import SHOWN, orders_of, wish_of
from scoring.services.report_orders import order_report, subject_of
from scoring.services.telling_of_reports import wish_reports
from scoring.tasks import start_report

ORDERING = (*DECIDING_ROLES, Role.LAWYER)
WISHING = (Role.MANAGER,)


@never_cache
@require_safe
@roles_required(*ORDERING)
def order_list(request: SignedInRequest) -> HttpResponse:
    user = request.user
    context = {
        "orders": orders_of(user)[:SHOWN],
        "wishes": user.has_role(*WISHING),
        "wish": wish_of(user),
        "choices": Telling.choices,
    }
    return render(request, "scoring/report_orders.html", context)


@require_POST
@roles_required(*ORDERING)
def order(request: SignedInRequest) -> HttpResponse:
    made = ordered(request.user, request.POST)
    return redirect("scoring:report-order", public_id=made.public_id)


def ordered(user: User, query: Mapping[str, str]) -> ReportOrder:
    """By the same words as a report is asked for, `form` and, of a lawyer's file, `lawyer`.

    :raises InvalidInput: no such form. :raises NotFound, TooManyOrders: as the services say.
    """
    form = query.get("form") or ReportForm.XLSX.value
    if form not in ReportForm.values:
        raise InvalidInput(_("A report is made as PDF, XLSX or CSV."), field="form")
    made = order_report(
        user=user, of=_subject(user, query), form=ReportForm(form), language=get_language() or PAPER, now=timezone.now()
    )
    start_report(order_id=made.pk)
    return made


def _subject(user: User, query: Mapping[str, str]) -> Asked | Reading:
    if query.get("kind") != ReportKind.LAWYER:
        return report_asked(user, query)
    try:
        return file_to_read(user, UUID(str(query.get("lawyer", ""))))
    except ValueError:
        raise InvalidInput(_("Name the lawyer by the id that their page has."), field="lawyer") from None


@never_cache
@require_safe
@roles_required(*ORDERING)
def order_page(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(orders_of(request.user), public_id=public_id)
    return render(request, "scoring/report_order.html", {"order": found})


@never_cache
@require_safe
@roles_required(*ORDERING)
def order_file(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return cast("HttpResponse", file_of_order(request.user, public_id))


def file_of_order(user: User, public_id: UUID) -> FileResponse:
    """Only to whom it was made for, while it is kept, and as long as they may read the same report.

    :raises NotFound: for everybody else.
    """
    found = get_object_or_404(orders_of(user), public_id=public_id)
    expired = found.expires_at is not None and found.expires_at <= timezone.now()
    if found.state != OrderState.DONE or found.file is None or expired:
        raise NotFound(_("There is no file: the report is not ready, or its file is no longer kept."))
    of = subject_of(found)
    whose, when = (of.lawyer.name, "") if isinstance(of, Reading) else (of.place.name, of.label)
    name = file_name(str(ReportKind(found.kind).label), whose, when, extension=found.form)
    return guarded(found.file, filename=name)


@require_POST
@roles_required(*WISHING)
def wish(request: SignedInRequest) -> HttpResponse:
    chosen = request.POST.get("how_often", "")
    if chosen not in Telling.values:
        raise InvalidInput(_("Choose how often you wish to be told."), field="how_often")
    wish_reports(user=request.user, how_often=Telling(chosen))
    messages.success(request, _("Your choice is kept."))
    return redirect("scoring:report-orders")
