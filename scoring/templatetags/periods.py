"""Periods in the reader's words."""

from django import template

from qa_service.common.period_names import name_of, period_in_words
from qa_service.common.periods import Period

register = template.Library()


@register.filter
def period_told(period: Period | None) -> str:
    """A quarter, a year or two days; nothing for none."""
    return period_in_words(period) if period else ""


@register.filter
def period_name(period: Period) -> str:
    """What addresses name it by."""
    return name_of(period)
