"""`{{ value|amount }}`: money in yuan, 6,628,667.00, grouped in both languages; `{{ value|signed }}`: +2.5;
`{{ value|coefficient }}`: −0.31."""

from decimal import Decimal

from django import template

from qa_service.common import rounding
from qa_service.common.rounding import half_up

register = template.Library()
register.filter("coefficient", rounding.coefficient)


@register.filter
def amount(value: Decimal | None) -> str:
    """Half-up to two places; nothing for nothing."""
    return "" if value is None else f"{half_up(value):,}"


@register.filter
def signed(value: float | None) -> str:
    """A difference with its sign, to one place: +2.5, −0.3, 0.0; a dash for nothing."""
    return "—" if value is None else rounding.signed(value)
