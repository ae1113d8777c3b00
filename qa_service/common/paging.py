"""Lists of the API: pages by key, and a word for every parameter that is not understood."""

import re
from collections.abc import Set as AbstractSet
from typing import Any

from django.core.exceptions import ValidationError as Unreadable
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.settings import api_settings

SIZE = re.compile(r"0*([1-9][0-9]{0,2})", flags=re.ASCII)


def refuse_unknown(request: Request, known: AbstractSet[str]) -> None:
    """What is asked for and not understood must not be answered as if it had not been asked.

    :raises ValidationError: `errors` names the parameter that is unknown.
    """
    unknown = sorted(request.query_params.keys() - known)
    if unknown:
        raise ValidationError({name: [_("This parameter is not known.")] for name in unknown})


class KeysetPagination(CursorPagination):
    """Pages by key: the last page costs what the first does, and nothing is counted.

    A view with parameters of its own, beside those of its `filterset_class`, names their serializer `query_class`.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering: str | tuple[str, ...] = "-pk"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """:raises ValidationError: `errors` names the parameter that is unknown or holds no value of its kind."""
        refuse_unknown(request, self._known(view))
        self._refuse_strange_size(request)
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError, Unreadable):  # the last two: well-formed, and no place in this list
            text = _("No list gave out this cursor. Take the address from “next” or “previous” as it stands.")
            raise ValidationError({self.cursor_query_param: [text]}) from None

    def _known(self, view: Any) -> set[str]:
        filters = getattr(view, "filterset_class", None)
        query = getattr(view, "query_class", None)
        return {
            self.cursor_query_param,
            str(self.page_size_query_param),
            str(api_settings.URL_FORMAT_OVERRIDE),
            *(filters.base_filters if filters else ()),
            *(query().fields if query else ()),
        }

    def _refuse_strange_size(self, request: Request) -> None:
        asked = request.query_params.get(str(self.page_size_query_param)) or "1"
        size = SIZE.fullmatch(asked)
        if size is None or int(size[1]) > self.max_page_size:
            text = _("Give a whole number from 1 to %(most)s.") % {"most": self.max_page_size}
            raise ValidationError({str(self.page_size_query_param): [text]})
