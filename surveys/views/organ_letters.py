"""Letters to organs on paper: which wait, one batch of them, printing it, and the day on which it left."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import InvalidInput
from qa_service.organisations.queries import today_at
from surveys import services
from surveys.forms.organs import SentForm
from surveys.models.organs import ORGAN_STAFF
from surveys.queries import organ_letters as queries
from surveys.queries.organ_book import organ_in_book
from surveys.queries.organs import organ_conversation
from surveys.views.organs import tabs

NAME = "letters.pdf"


@roles_required(*ORGAN_STAFF)
@never_cache
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    context = {
        "stacks": queries.stacks_to_print(user),
        "batches": list(queries.batches_to_send(user)),
        "tabs": tabs(user),
    }
    return render(request, "surveys/staff/organ_letters.html", context)


@roles_required(*ORGAN_STAFF)
@require_POST
def put_together(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The letters to one unit that wait, as one batch."""
    user = cast("User", request.user)
    organ = organ_in_book(user=user, public_id=public_id)
    made = services.make_batch(user=user, organ=organ, now=timezone.now())
    return redirect("surveys:organ-batch", public_id=made.public_id)


@roles_required(*ORGAN_STAFF)
@never_cache
@require_safe
def batch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _batch_page(request, public_id)


def _batch_page(
    request: HttpRequest, public_id: UUID, *, form: SentForm | None = None, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    found = queries.batch_seen(user=user, public_id=public_id)
    rows = list(queries.open_letters_of(found, user=user))
    today = today_at(found.organ.centre, timezone.now())
    context = {"batch": found, "rows": rows, "form": form or SentForm(initial={"sent_on": today})}
    return render(request, "surveys/staff/organ_batch.html", context, status=status)


@roles_required(*ORGAN_STAFF)
@never_cache
@require_POST
def print_batch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    data = services.print_batch(user=user, public_id=public_id, language=_language(request), now=timezone.now())
    return _pdf(data)


@roles_required(*ORGAN_STAFF)
@never_cache
@require_POST
def print_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    conversation = organ_conversation(user=user, public_id=public_id)
    data = services.print_letter(user=user, conversation=conversation, language=_language(request), now=timezone.now())
    return _pdf(data)


@roles_required(*ORGAN_STAFF)
@require_POST
def sent(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The letters left: from that day the unit's time runs."""
    user = cast("User", request.user)
    form = SentForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, public_id, form=form, status=422)
    try:
        left = services.send_batch(user=user, public_id=public_id, day=form.cleaned_data["sent_on"], now=timezone.now())
    except InvalidInput as error:
        form.add_error("sent_on", str(error.message))
        return _batch_page(request, public_id, form=form, status=422)
    text = ngettext("%(count)s letter has left.", "%(count)s letters have left.", left.letters)
    messages.success(request, text % {"count": left.letters})
    return redirect("surveys:organ-letters")


def _language(request: HttpRequest) -> str:
    return request.POST.get("language", "")[:10]


def _pdf(data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{NAME}"'
    return response
