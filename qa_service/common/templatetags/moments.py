"""`{{ value|day }}` and `{{ value|moment }}`: every date of a page in one form, never broken over two lines."""

import re
from datetime import UTC, date, datetime

from django import template
from django.utils.dateformat import format as written
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

register = template.Library()

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@register.filter
def day(value: date | None) -> str:
    """2026-11-20, as the clock of the place says; nothing for nothing."""
    return _shown(value, "Y-m-d", "Y-m-d")


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-20 10:00."""
    return _shown(value, "Y-m-d H:i", "c")


@register.filter
def whole(sentence: str) -> SafeString:
    """A finished sentence whose dates stay in one piece."""
    kept = _DATE.sub(r'<span class="whole">\g<0></span>', conditional_escape(sentence))
    return mark_safe(kept)  # noqa: S308 -- escaped above


def _shown(value: date | None, for_people: str, for_machines: str) -> str:
    """A moment that was put into a zone stays in it; one as the database gives it is told by the service's clock."""
    if not value:
        return ""
    if isinstance(value, datetime) and value.tzinfo is UTC:
        value = localtime(value)
    return format_html('<time datetime="{}">{}</time>', written(value, for_machines), written(value, for_people))
