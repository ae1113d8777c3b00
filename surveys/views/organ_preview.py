"""The organ's page in the preview: the very template a unit meets. Nothing typed in it is stored."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from surveys.blueprint import Blueprint
from surveys.queries.previews import organ_form_previewed
from surveys.views.client_page import Reader, go_to, page
from surveys.views.organ_form import SEND, Typed, shown


def organ_page(request: HttpRequest, *, blueprint: Blueprint, reader: Reader, here: str, end: str) -> HttpResponse:
    """All items at once, as sent to `here`; a complete one leads to `end`, where nothing was kept."""
    with override(reader.language):
        form = organ_form_previewed(blueprint, today=timezone.localdate())
        typed = Typed.of(request, form) if request.method == "POST" else Typed.kept(form)
        wrong = _missing(request, [item.code for item in form.items], typed.values)
        if request.method == "POST" and "tool" not in request.POST and not wrong:
            return go_to(end)
        context = shown(form, typed, wrong, action=here)
    return page(
        request, "form", room="organ", reader=reader, status=422 if wrong else 200, context=context,
        languages=form.languages,
    )  # fmt: skip


def _missing(request: HttpRequest, codes: list[str], values: Mapping[str, str]) -> dict[str, str]:
    """The items that keep it from being sent; saved for later it may be half done."""
    if request.method != "POST" or request.POST.get("act") != SEND:
        return {}
    told = _("Please choose an answer; “Don't know” is one.")
    return {code: told for code in codes if not values.get(code)}
