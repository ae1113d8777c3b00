"""A questionnaire before anybody is asked: as a phone of 320 px shows it, and as texts with their parts and price.

The phone is a frame of a page of our own, the very templates a client meets. Nothing pressed in it is stored: what was
answered so far stands in the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import NotFound
from qa_service.organisations.models import CentreSettings
from surveys.blueprint import Blueprint, complete_languages
from surveys.enums import Audience, QuestionKind
from surveys.languages import CHINESE, LANGUAGES, NEEDED
from surveys.models import Questionnaire
from surveys.models.questionnaires import READERS
from surveys.queries import questionnaires as queries
from surveys.queries.forms import Form, FormQuestion
from surveys.queries.previews import form_previewed
from surveys.views.client_page import Reader, go_to, page, public_form
from surveys.views.form import TEXT_LIMIT
from surveys.views.organ_preview import organ_page
from surveys.views.questionnaire_forms import shown_text

MOST_ANSWERS = 80


@roles_required(*READERS)
@require_safe
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = queries.questionnaire_seen(user=cast("User", request.user), public_id=public_id)
    blueprint = queries.blueprint_of(found)
    wanted = request.GET.get("language", "")
    offered = (*NEEDED, *complete_languages(blueprint))
    language = wanted if wanted in offered else CHINESE
    codes = [question.code for question in blueprint.questions]
    chosen = request.GET.get("question", "")
    context = {
        "questionnaire": found,
        "languages": [(LANGUAGES[code], code == language) for code in offered],
        "language": language,
        "questions": [(question.code, shown_text(question.texts)) for question in blueprint.questions],
        "chosen": chosen if chosen in codes else next(iter(codes), ""),
        "texts": queries.texts_shown(blueprint, language=language, office_phone=_office_phone(found)),
        "currency": settings.SMS_PRICE_CURRENCY,
        "priced": settings.SMS_SEGMENT_PRICE is not None,
        "by_text": blueprint.audience == Audience.CLIENT,
    }
    return render(request, "surveys/staff/questionnaire_preview.html", context)


def _office_phone(questionnaire: Questionnaire) -> str:
    """The owner's own number where it is a centre, for the length of the texts."""
    known = CentreSettings.objects.filter(centre=questionnaire.owner_id).values_list("office_phone", flat=True)
    return known.first() or ""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far somebody has leafed: kept in the address, so that nothing is kept anywhere else."""

    reader: Reader
    answers: Mapping[str, str]

    @classmethod
    def of(cls, request: HttpRequest) -> "Walk":
        said = (item.partition(":") for item in request.GET.getlist("a")[:MOST_ANSWERS])
        language = request.GET.get("language", "")
        return cls(
            reader=Reader(
                language=language if language in LANGUAGES else CHINESE, large=request.GET.get("large") == "1"
            ),
            answers={code: value for code, _sign, value in said if code},
        )

    def address(self, public_id: UUID, code: str) -> str:
        """`code` empty: the end of the form."""
        query: list[tuple[str, str]] = [("language", self.reader.language)]
        if self.reader.large:
            query.append(("large", "1"))
        query += [("a", f"{asked}:{value}") for asked, value in self.answers.items()]
        name = "surveys:questionnaire-phone" if code else "surveys:questionnaire-phone-end"
        where = [public_id, code] if code else [public_id]
        return f"{reverse(name, args=where)}?{urlencode(query)}"


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@public_form
@roles_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, public_id: UUID, code: str) -> HttpResponse:
    """One question as a client meets it. Next leads to the question that the answers so far open.

    An organ meets all items on one page, whichever is looked at.
    """
    blueprint = _blueprint(request, public_id)
    walk = Walk.of(request)
    if "tool" in request.POST:
        walk = replace(walk, reader=walk.reader.changed(request.POST["tool"]))
    if blueprint.audience == Audience.ORGAN:
        here, end = walk.address(public_id, code), walk.address(public_id, "")
        return organ_page(request, blueprint=blueprint, reader=walk.reader, here=here, end=end)
    asked = next((item for item in form_previewed(blueprint, {}, every=True).questions if item.code == code), None)
    if asked is None:
        raise NotFound("")
    value, wrong = walk.answers.get(code, ""), False
    if request.method == "POST" and "tool" not in request.POST:
        value = request.POST.get("value", "")[:40]
        wrong = bool(asked.choices) and value not in {choice.value for choice in asked.choices}
        if not wrong:
            walk = replace(walk, answers={**walk.answers, code: value})
            return go_to(walk.address(public_id, _following(form_previewed(blueprint, walk.answers), code)))
    form = form_previewed(blueprint, walk.answers)
    on_path = next((item for item in form.questions if item.code == code), asked)
    with override(walk.reader.language):
        context = _context(form, on_path, walk, public_id, value=value, wrong=wrong)
    return page(
        request, "question", reader=walk.reader, status=422 if wrong else 200, context=context,
        languages=form.languages,
    )  # fmt: skip


def _following(form: Form, code: str) -> str:
    """The question after this one on the path; empty after the last."""
    codes = [item.code for item in form.questions]
    place = codes.index(code) if code in codes else -1
    return codes[place + 1] if place + 1 < len(codes) else ""


def _context(
    form: Form, asked: FormQuestion, walk: Walk, public_id: UUID, *, value: str, wrong: bool
) -> dict[str, Any]:
    return {
        "key": "",
        "form": form,
        "question": asked,
        "value": value,
        "text": "",
        "wrong": wrong,
        "too_long": False,
        "text_limit": TEXT_LIMIT,
        "takes_text": asked.kind in (QuestionKind.TEXT, QuestionKind.CALL_BACK),
        "free_text": asked.kind == QuestionKind.TEXT,
        "last": asked.last,
        "path": walk.address(public_id, asked.code),
        "previous_url": walk.address(public_id, asked.previous) if asked.previous else "",
    }


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@public_form
@roles_required(*READERS)
@require_safe
def phone_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """After the last question: says that nothing was kept, and leads to the first again."""
    blueprint = _blueprint(request, public_id)
    walk = replace(Walk.of(request), answers={})
    form = form_previewed(blueprint, {})
    first = form.questions[0].code if form.questions else ""
    context = {"form": form, "again": walk.address(public_id, first) if first else ""}
    return page(request, "preview_end", reader=walk.reader, context=context, languages=())


def _blueprint(request: HttpRequest, public_id: UUID) -> Blueprint:
    return queries.blueprint_of(queries.questionnaire_seen(user=cast("User", request.user), public_id=public_id))
