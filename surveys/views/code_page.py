"""The public page on which the code of a text, a sheet or a letter is typed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service.common.errors import NotFound
from surveys.forms import CodeForm
from surveys.queries.forms import LinkNotYet, help_phone
from surveys.views.client_page import Reader, go_to, page
from surveys.views.throttle import Room, count_miss, too_many_misses


def code_page(
    request: HttpRequest, *, reader: Reader, room: Room, find: Callable[[str], object], opens: str
) -> HttpResponse:
    """A code that `find` knows leads to the page named `opens`; one that it does not know is a miss and counted.

    :raises LinkNotYet: a right code before its first day.
    """
    with override(reader.language):
        form = CodeForm(request.POST or None, of_letter=room == "organ")
        if request.method == "POST" and form.is_valid():
            key = form.cleaned_data["code"]
            if too_many_misses(request, key, room=room):
                told = {"kind": "throttled", "office_phone": help_phone()}
                return page(request, "notice", reader=reader, room=room, status=429, context=told)
            try:
                find(key)
            except LinkNotYet:
                raise
            except NotFound:
                count_miss(request, key, room=room)
                form.add_error("code", _("This code is not known or no longer valid. Please check each sign."))
            else:
                return go_to(reverse(opens, args=[key]))
        context = {"form": form, "office_phone": help_phone()}
        return page(request, "code", reader=reader, room=room, status=422 if form.is_bound else 200, context=context)
