"""The client's form: one question a page, no account, no JavaScript needed. A GET never changes anything."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, NotFound
from surveys.branching import MAY_CALL
from surveys.enums import QuestionKind
from surveys.queries import forms
from surveys.queries.forms import Form, FormQuestion, FormState, LinkNotYet, help_phone
from surveys.services.answering import web_form
from surveys.services.answering.answers import InvalidAnswer
from surveys.views.client_page import Reader, go_to, has_started, mark_started, page, public_form
from surveys.views.code_page import code_page
from surveys.views.throttle import count_miss, too_many_misses

TEXT_LIMIT = 500
NATIONAL_LINE = "12348"
# Whoever writes of danger should not wait until somebody reads it.
EMERGENCY_LINE = "110"


@dataclass(frozen=True, slots=True)
class Given:
    """What was pressed or typed for one question."""

    value: str
    text: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Given":
        return cls(value=request.POST.get("value", "")[:40], text=request.POST.get("text", "").strip())


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The public page on which a code from a text or a sheet of paper is typed."""
    reader = Reader.of(request)
    try:
        return code_page(
            request,
            reader=reader,
            room="form",
            find=lambda key: forms.form(key=key, now=timezone.now()),
            opens="surveys:form",
        )
    except LinkNotYet as early:
        return _not_yet(request, early, reader)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, key: str) -> HttpResponse:
    """A GET shows the neutral start page and nothing else; the button begins or goes on."""
    reader = Reader.of(request)
    try:
        form = _known_form(request, key)
    except LinkNotYet as early:
        return _not_yet(request, early, reader)
    except NotFound:
        return _unknown(request, reader, key)
    reader = Reader.of(request, default_language=form.language)
    if form.state not in (FormState.START, FormState.QUESTION):
        return _over(request, key, form, reader)
    if request.method != "POST":
        return page(request, "start", reader=reader, context={"key": key, "form": form}, languages=form.languages)
    if is_party(request):
        return _notice(request, "party", reader=reader, status=403)
    web_form.start_web_response(key=key, language=reader.language, now=timezone.now())
    following = form.current or _last(form)
    response = go_to(reverse("surveys:form-question", args=[key, following]))
    mark_started(response, key, secure=request.is_secure())
    return response


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str, code: str) -> HttpResponse:
    if not has_started(request, key):
        return go_to(reverse("surveys:form", args=[key]))
    if request.method == "POST" and "tool" not in request.POST:
        return _take(request, key, code)
    return _ask(request, key, code)


def _take(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Keep one answer and go on; the last closes the form. Pressing twice gives the same one response."""
    given, now = Given.of(request), timezone.now()
    try:
        following = web_form.record_answer(key=key, question=code, value=given.value, text=given.text, now=now)
    except InvalidAnswer:
        return _ask(request, key, code, given=given, wrong=True)
    except NotFound:
        return _unknown(request, Reader.of(request))
    except Conflict:  # finished, stopped or closed meanwhile: the start page says which
        return go_to(reverse("surveys:form", args=[key]))
    if following is None:
        return go_to(reverse("surveys:form-done", args=[key]))
    return go_to(reverse("surveys:form-question", args=[key, following]))


def _ask(request: HttpRequest, key: str, code: str, *, given: Given | None = None, wrong: bool = False) -> HttpResponse:
    try:
        form = _known_form(request, key)
    except NotFound:
        return _unknown(request, Reader.of(request))
    if form.state is not FormState.QUESTION:
        return go_to(reverse("surveys:form", args=[key]))
    asked = next((item for item in form.questions if item.code == code), None)
    if asked is None:  # branching has taken it away since
        return go_to(reverse("surveys:form-question", args=[key, form.current or _last(form)]))
    reader = Reader.of(request, default_language=form.language)
    changed = reader.changed(request.POST.get("tool", ""))
    if "tool" in request.POST:
        given = Given.of(request)
    response = page(
        request,
        "question",
        reader=changed,
        status=422 if wrong else 200,
        context=_question_context(key, form, asked, given=given, wrong=wrong),
        languages=form.languages,
    )
    if changed != reader:
        changed.remember(response, secure=request.is_secure())
    return response


def _question_context(
    key: str, form: Form, asked: FormQuestion, *, given: Given | None, wrong: bool
) -> dict[str, object]:
    kept = form.answers.get(asked.code)
    shown = given or (Given(value=kept.value, text=kept.text) if kept else Given(value="", text=""))
    return {
        "key": key,
        "form": form,
        "question": asked,
        "stands": next((each.text for each in asked.choices if each.value == form.stands.get(asked.code)), ""),
        "value": shown.value,
        "text": shown.text,
        "wrong": wrong,
        "too_long": len(shown.text) > TEXT_LIMIT,
        "text_limit": TEXT_LIMIT,
        "takes_text": asked.kind in (QuestionKind.TEXT, QuestionKind.CALL_BACK),
        "free_text": asked.kind == QuestionKind.TEXT,
        "last": asked.last,
        "previous_url": reverse("surveys:form-question", args=[key, asked.previous]) if asked.previous else "",
    }


@public_form
@require_safe
def done(request: HttpRequest, key: str) -> HttpResponse:
    """Safe to reload; on a shared phone it shows the number to quote and none of the answers."""
    if not has_started(request, key):
        return go_to(reverse("surveys:form", args=[key]))
    try:
        form = _known_form(request, key)
    except NotFound:
        return _unknown(request, Reader.of(request))
    if form.state is not FormState.FINISHED:
        return go_to(reverse("surveys:form", args=[key]))
    reader = Reader.of(request, default_language=form.language)
    # Who was not asked whether we may call is told nothing of calls.
    asked = any(question.code == MAY_CALL for question in form.questions)
    context = {"form": form, "asked_to_call": asked}
    context |= {"national_line": NATIONAL_LINE, "emergency_line": EMERGENCY_LINE}
    return page(request, "done", reader=reader, context=context, languages=form.languages)


@public_form
@require_POST
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """The wrong person, or one who wants no more contact."""
    press = web_form.say_not_me if request.POST.get("why") == "not_me" else web_form.stop_contact
    try:
        press(key=key, now=timezone.now())
    except NotFound:
        return _unknown(request, Reader.of(request))
    except Conflict:
        pass  # finished or stopped before: the start page says so
    return go_to(reverse("surveys:form", args=[key]))


@public_form
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and size of type on the pages without a question; a question keeps what is typed and changes itself."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/s/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = go_to(wanted if safe else reverse("surveys:form-code"))
    shown = request.POST.get("shown", "")
    reader = Reader.of(request, default_language=shown).changed(request.POST.get("tool", ""))
    reader.remember(response, secure=request.is_secure())
    return response


def _known_form(request: HttpRequest, key: str) -> Form:
    if too_many_misses(request, key, room="form"):
        raise NotFound("", code="throttled")
    try:
        return forms.form(key=key, now=timezone.now())
    except LinkNotYet:
        raise
    except NotFound:
        count_miss(request, key, room="form")
        raise


def _not_yet(request: HttpRequest, early: LinkNotYet, reader: Reader) -> HttpResponse:
    """The code of a card before its first day: a right code, so no miss. Of who has died meanwhile it never comes."""
    if early.details["closed"]:
        told = {"kind": "closed", "office_phone": early.details["phone"]}
        return page(request, "notice", reader=reader, status=410, context=told)
    first = early.details["works_from"].astimezone(ZoneInfo(early.details["zone"]))
    context = {"kind": "early", "first_day": first, "office_phone": early.details["phone"]}
    return page(request, "notice", reader=reader, status=404, context=context)


@public_form
def unknown(request: HttpRequest) -> HttpResponse:
    """For an address below `/s/` that is no page's at all: it reads as a link that is not known."""
    return _unknown(request, Reader.of(request))


def _unknown(request: HttpRequest, reader: Reader, key: str = "") -> HttpResponse:
    """One page for a key that never was and one that is long gone: nothing to learn from the difference."""
    if too_many_misses(request, key, room="form"):
        return _notice(request, "throttled", reader=reader, status=429)
    return _notice(request, "unknown", reader=reader, status=404)


def _over(request: HttpRequest, key: str, form: Form, reader: Reader) -> HttpResponse:
    if form.state is FormState.FINISHED:
        if has_started(request, key):
            return go_to(reverse("surveys:form-done", args=[key]))
        return _notice(request, "finished", reader=reader, form=form)
    if form.state is FormState.STOPPED:
        return _notice(request, "stopped", reader=reader, form=form)
    return _notice(request, "closed", reader=reader, status=410, form=form)


def _notice(
    request: HttpRequest, kind: str, *, reader: Reader, status: int = 200, form: Form | None = None
) -> HttpResponse:
    phone = form.office_phone if form else help_phone()
    return page(request, "notice", reader=reader, status=status, context={"kind": kind, "office_phone": phone})


def is_party(request: HttpRequest) -> bool:
    """A signed-in lawyer or firm never answers for a client or an organ; the attempt is put on record."""
    user = request.user
    if not (isinstance(user, User) and user.has_role(Role.LAWYER, Role.FIRM)):
        return False
    record(actor=user.actor, action="surveys.form_refused_to_party", subject=None, details={}, at=timezone.now())
    return True


def _last(form: Form) -> str:
    return form.questions[-1].code
