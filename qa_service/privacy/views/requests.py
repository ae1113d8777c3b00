"""The register of requests: what is to be answered by when; one request, its answer, the copy that is handed out."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.cases.enums import NumberOwner
from qa_service.common.downloads import disposition, file_name
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.keyset import page_in_order
from qa_service.organisations.queries import today_at
from qa_service.privacy.enums import RequestKind, RequestState
from qa_service.privacy.forms import AnswerForm, CorrectionForm
from qa_service.privacy.models import HANDLERS, PersonRequest
from qa_service.privacy.queries.copies import as_data
from qa_service.privacy.queries.requests import outcome_told, request_of, requests_seen_by
from qa_service.privacy.services import answer_request, copy_for, correct_person

ROWS_A_PAGE = 50


@require_safe
@never_cache
@roles_required(*HANDLERS)
def register(request: HttpRequest) -> HttpResponse:
    user, state = cast("User", request.user), request.GET.get("state", "")
    page = page_in_order(requests_seen_by(user, state=state), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    now = timezone.now()
    rows = [(row, row.late(today=today_at(row.centre, now))) for row in page.rows]
    return render(request, "privacy/requests.html", {"page": page, "rows": rows, "all": state == "all"})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@roles_required(*HANDLERS)
def request_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One request; sent, the decision on it."""
    user = cast("User", request.user)
    row = request_of(user, public_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            answer_request(
                user=user,
                request=row,
                decision=RequestState(given["decision"]),
                reason=given["reason"],
                now=timezone.now(),
            )
        except InvalidInput as refused:
            form.add_error(refused.field, str(refused.message))
        except Conflict as refused:
            messages.error(request, str(refused.message))
            return redirect("privacy:request", public_id=public_id)
        else:
            messages.success(request, _("Answered. Tell the person what stands below."))
            return redirect("privacy:request", public_id=public_id)
    return _page(request, row, answer=form)


@require_POST
@never_cache
@roles_required(*HANDLERS)
def correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    row = request_of(user, public_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, correction=form)
    given = form.cleaned_data
    try:
        correct_person(
            user=user,
            request=row,
            name=given["new_name"],
            phone=given["new_phone"],
            owner=NumberOwner(given["owner"]),
            now=timezone.now(),
        )
    except InvalidInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        return _page(request, row, correction=form)
    except Conflict as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Put right. Now answer the request."))
    return redirect("privacy:request", public_id=public_id)


@require_POST
@never_cache
@roles_required(*HANDLERS)
def copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All that is held: a page to print, or data for another program. Nothing of it is stored."""
    user, now = cast("User", request.user), timezone.now()
    row = request_of(user, public_id)
    form = "data" if request.POST.get("form") == "data" else "page"
    dossier = copy_for(user=user, request=row, form=form, now=now)
    if form == "page":
        context = {"asked": row, "dossier": dossier, "at": now}
        return render(request, "privacy/copy.html", context)
    response = JsonResponse(as_data(dossier, at=now), json_dumps_params={"ensure_ascii": False, "indent": 1})
    day = f"{today_at(row.centre, now):%Y%m%d}"
    name = file_name(_("What is held of a person"), day, extension="json")
    response["Content-Disposition"] = disposition(name, plain=f"personal-data-{day}.json")
    return response


def _page(
    request: HttpRequest,
    row: PersonRequest,
    *,
    answer: AnswerForm | None = None,
    correction: CorrectionForm | None = None,
) -> HttpResponse:
    wrong = bool((answer and answer.errors) or (correction and correction.errors))
    context = {
        "asked": row,
        "late": row.late(today=today_at(row.centre, timezone.now())),
        "answer": answer or AnswerForm(),
        "correction": (correction or CorrectionForm()) if row.kind == RequestKind.CORRECTION else None,
        "wrong_correction": bool(correction and correction.errors),
        "told": outcome_told(row),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "privacy/request.html", context, status=status)
