"""The organ's form: one page with all items, no account. Unlike a client's it says whose service this is at once.

A GET never changes anything: links in e-mails are opened by filters before anybody reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.common.errors import Conflict, InvalidInput, NotFound
from qa_service.common.middleware import ORGANS
from surveys import services
from surveys.queries.forms import FormState, help_phone
from surveys.queries.organ_forms import OrganForm, organ_form
from surveys.services.organs.opinions import LONGEST_SIGNATURE
from surveys.views.client_page import Reader, go_to, page, public_form
from surveys.views.code_page import code_page
from surveys.views.form import TEXT_LIMIT, is_party
from surveys.views.throttle import count_miss, too_many_misses

SEND = "send"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: as kept, or as typed a moment ago."""

    values: Mapping[str, str]
    texts: Mapping[str, str]
    signed_by: str

    @classmethod
    def kept(cls, form: OrganForm) -> "Typed":
        return cls(
            values={code: answer.value for code, answer in form.answers.items()},
            texts={code: answer.text for code, answer in form.answers.items()},
            signed_by=form.signed_by,
        )

    @classmethod
    def of(cls, request: HttpRequest, form: OrganForm) -> "Typed":
        post = request.POST
        return cls(
            values={item.code: post.get(f"value-{item.code}", "")[:40] for item in form.items},
            texts={item.code: post.get(f"text-{item.code}", "").strip() for item in form.remarks},
            signed_by=post.get("signed_by", "").strip(),
        )

    @property
    def answers(self) -> dict[str, services.AnswerInput]:
        given = {code: services.AnswerInput(value=value) for code, value in self.values.items() if value}
        return given | {code: services.AnswerInput(text=text) for code, text in self.texts.items() if text}


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Where the code of a letter is typed."""
    return code_page(
        request,
        reader=Reader.of(request),
        room="organ",
        find=lambda key: organ_form(key=key, now=timezone.now()),
        opens="surveys:organ-form",
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, key: str) -> HttpResponse:
    """The whole form. POST saves it, sends it, or changes how the page is read and keeps what is typed."""
    try:
        form, reader = _known_form(request, key)
    except NotFound:
        return _unknown(request, Reader.of(request), key)
    if not form.is_open:
        return _over(request, form, reader)
    if request.method != "POST":
        return _form_page(request, key, form, Typed.kept(form), reader=reader)
    if "tool" in request.POST:
        return _read_otherwise(request, key, form, reader)
    if is_party(request):
        return _notice(request, "party", reader=reader, status=403, form=form)
    return _take(request, key, form, reader)


def _take(request: HttpRequest, key: str, form: OrganForm, reader: Reader) -> HttpResponse:
    typed, send = Typed.of(request, form), request.POST.get("act") == SEND
    wrong: dict[str, str] = {}
    try:
        with override(reader.language):
            services.save_opinion(
                key=key, answers=typed.answers, signed_by=typed.signed_by, language=reader.language, send=send,
                now=timezone.now(),
            )  # fmt: skip
    except services.OpinionIncomplete as incomplete:
        with override(reader.language):
            told = _("Please choose an answer; “Don't know” is one.")
        wrong = dict.fromkeys(incomplete.missing, told)
    except InvalidInput as error:
        wrong = {error.field: str(error.message)}
    except Conflict:  # sent or closed meanwhile: the page says which
        return go_to(reverse("surveys:organ-form", args=[key]))
    if wrong:
        return _form_page(request, key, form, typed, reader=reader, wrong=wrong)
    if send:
        return go_to(reverse("surveys:organ-form-done", args=[key]))
    return go_to(reverse("surveys:organ-form", args=[key]) + "?saved")


def _read_otherwise(request: HttpRequest, key: str, form: OrganForm, reader: Reader) -> HttpResponse:
    """In another language or larger, with what is typed; nothing is stored."""
    changed = reader.changed(request.POST["tool"])
    typed = Typed.of(request, form)
    form = _form_in(changed, key)
    response = _form_page(request, key, form, typed, reader=changed)
    changed.remember(response, secure=request.is_secure(), path=ORGANS)
    return response


def _form_page(
    request: HttpRequest,
    key: str,
    form: OrganForm,
    typed: Typed,
    *,
    reader: Reader,
    wrong: Mapping[str, str] | None = None,
) -> HttpResponse:
    wrong = wrong or {}
    saved = "saved" in request.GET and request.method != "POST"
    context = shown(form, typed, wrong, action=reverse("surveys:organ-form", args=[key])) | {"saved": saved}
    return _page(
        request, "form", reader=reader, status=422 if wrong else 200, context=context, languages=form.languages
    )


def shown(form: OrganForm, typed: Typed, wrong: Mapping[str, str], *, action: str) -> dict[str, Any]:
    """What the page of all items shows; `action` is where it is sent."""
    return {
        "action": action,
        "form": form,
        "items": [(item, typed.values.get(item.code, ""), wrong.get(item.code, "")) for item in form.items],
        "remarks": [(item, typed.texts.get(item.code, ""), wrong.get(item.code, "")) for item in form.remarks],
        "signed_by": typed.signed_by,
        "signature_limit": LONGEST_SIGNATURE,
        "signature_wrong": wrong.get("signed_by", ""),
        "wrong": wrong,
        "text_limit": TEXT_LIMIT,
    }


@public_form
@require_safe
def done(request: HttpRequest, key: str) -> HttpResponse:
    """Safe to reload: the number to quote, and none of the marks."""
    try:
        form, reader = _known_form(request, key)
    except NotFound:
        return _unknown(request, Reader.of(request), key)
    if form.state is not FormState.FINISHED:
        return go_to(reverse("surveys:organ-form", args=[key]))
    return _page(request, "done", reader=reader, context={"form": form}, languages=form.languages)


@public_form
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and size of type on the pages without a form."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith(ORGANS) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = go_to(wanted if safe else reverse("surveys:organ-form-code"))
    reader = Reader.of(request, default_language=request.POST.get("shown", "")).changed(request.POST.get("tool", ""))
    reader.remember(response, secure=request.is_secure(), path=ORGANS)
    return response


@public_form
def unknown(request: HttpRequest) -> HttpResponse:
    """For an address below `/o/` that is no page's at all: it reads as a link that is not known."""
    return _unknown(request, Reader.of(request))


def _known_form(request: HttpRequest, key: str) -> tuple[OrganForm, Reader]:
    """In the reader's language: the one chosen on the page, else the one in which the unit is written to."""
    if too_many_misses(request, key, room="organ"):
        raise NotFound("", code="throttled")
    try:
        chosen = Reader.of(request)
        form = _form_in(chosen, key)
        reader = Reader.of(request, default_language=form.language)
        return (form if reader == chosen else _form_in(reader, key)), reader
    except NotFound:
        count_miss(request, key, room="organ")
        raise


def _form_in(reader: Reader, key: str) -> OrganForm:
    with override(reader.language):
        return organ_form(key=key, now=timezone.now())


def _unknown(request: HttpRequest, reader: Reader, key: str = "") -> HttpResponse:
    if too_many_misses(request, key, room="organ"):
        return _notice(request, "throttled", reader=reader, status=429)
    return _notice(request, "unknown", reader=reader, status=404)


def _over(request: HttpRequest, form: OrganForm, reader: Reader) -> HttpResponse:
    if form.state is FormState.FINISHED:
        return _notice(request, "finished", reader=reader, form=form)
    if form.state is FormState.STOPPED:
        return _notice(request, "stopped", reader=reader, form=form)
    return _notice(request, "closed", reader=reader, status=410, form=form)


def _notice(
    request: HttpRequest, kind: str, *, reader: Reader, status: int = 200, form: OrganForm | None = None
) -> HttpResponse:
    phone = form.office_phone if form else help_phone()
    context = {"kind": kind, "office_phone": phone, "form": form}
    return _page(request, "notice", reader=reader, status=status, context=context)


def _page(request: HttpRequest, template: str, *, reader: Reader, **given: Any) -> HttpResponse:
    return page(request, template, reader=reader, room="organ", **given)
