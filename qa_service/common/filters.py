"""What filters of the API's lists share."""

from typing import Any, TypeVar

import django_filters
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import MultipleChoiceField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

RowT = TypeVar("RowT", bound=Model)


def among(rows: QuerySet[RowT], waiting: QuerySet[RowT], *, wanted: bool) -> QuerySet[RowT]:
    """Those of the rows that wait for something, or, where the program asks for the others, those that do not."""
    keys = waiting.order_by().values("pk")
    return rows.filter(pk__in=keys) if wanted else rows.exclude(pk__in=keys)


class _Chosen(MultipleChoiceField):  # type: ignore[misc]  # the library is untyped
    def clean(self, value: Any) -> Any:
        return super().clean([chosen for chosen in value or () if chosen])


class AnyOf(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # the library is untyped
    """One or several values; left empty it filters nothing, as the filters of one value do."""

    field_class = _Chosen


@extend_schema_field(OpenApiTypes.BOOL)
class YesNo(django_filters.TypedChoiceFilter):  # type: ignore[misc]  # the library is untyped
    """`true` or `false`; any other word is refused, where the library's BooleanFilter takes it for no answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = [("true", _("Yes")), ("false", _("No"))]
        super().__init__(*args, choices=choices, coerce="true".__eq__, **kwargs)
