"""A lawyer's own files, and the firm's for its head: what is due when, what was sent back, why one is late."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.cases.models import Case
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_in_order
from reviews.forms.acceptance import SayingForm
from reviews.models import SelfAssessment
from reviews.queries.acceptance import file_shown
from reviews.queries.file_lists import file_line, files_of_handlers, unfinished_first
from reviews.services.acceptance import state_lateness

FILES_A_PAGE = 30


@require_GET
@never_cache
@roles_required(Role.LAWYER, Role.FIRM)
def my_files(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    rows = unfinished_first(files_of_handlers(request.user))
    page = page_in_order(rows, after=request.GET.get("after", ""), size=FILES_A_PAGE)
    context = {
        "page": page,
        "lines": [file_line(case, now=now) for case in page.rows],
        "self_assessments": SelfAssessment.objects.marked_by(request.user).exists(),
    }
    return render(request, "reviews/my_files.html", context)


@require_GET
@never_cache
@roles_required(Role.LAWYER, Role.FIRM)
def my_file(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    return _page(request, _found(request, case_id))


@require_POST
@roles_required(Role.LAWYER)
def say_why(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _found(request, case_id)
    typed = SayingForm(request.POST)
    typed.is_valid()
    words = str(typed.cleaned_data.get("words", ""))
    try:
        state_lateness(case=case, words=words, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, case, status=error.status)
    messages.success(request, _("The centre was told why the file is late."))
    return redirect("reviews:my-file", case.public_id)


def _page(request: SignedInRequest, case: Case, *, status: int = HTTPStatus.OK) -> HttpResponse:
    shown = file_shown(case, now=timezone.now())
    own = request.user.lawyer_id == case.lawyer_id and request.user.has_role(Role.LAWYER)
    context = {
        "case": case,
        "shown": shown,
        "may_say_why": own and bool(shown.days_late) and not shown.excused and not shown.open_plea,
        "typed": request.POST,
    }
    return render(request, "reviews/my_file.html", context, status=status)


def _found(request: SignedInRequest, case_id: UUID) -> Case:
    found: Case = get_object_or_404(files_of_handlers(request.user), public_id=case_id)
    return found
