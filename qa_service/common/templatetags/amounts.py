"""`{{ value|amount }}`: money in yuan, 6,628,667.00, grouped in both languages; `{{ value|signed }}`: +2.5."""

from decimal import Decimal

from django import template

from qa_service.common.rounding import half_up

register = template.Library()


@register.filter
def amount(value: Decimal | None) -> str:
    """Half-up to two places; nothing for nothing."""
    return "" if value is None else f"{half_up(value):,}"


@register.filter
def signed(value: float | None) -> str:
    """A difference with its sign, to one place: +2.5, −0.3, 0.0; a dash for nothing."""
    if value is None:
        return "—"
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0.0"
