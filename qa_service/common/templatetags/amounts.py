"""`{{ value|amount }}`: money in yuan, 6,628,667.00; thousands are grouped in both languages."""

from decimal import Decimal

from django import template

from qa_service.common.rounding import half_up

register = template.Library()


@register.filter
def amount(value: Decimal | None) -> str:
    """Half-up to two places; nothing for nothing."""
    return "" if value is None else f"{half_up(value):,}"
