"""`{{ codes|listed }}`: several words as one list, A2, B1 or A2、B1, as the language writes it."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def listed(words: Iterable[object]) -> str:
    return _(", ").join(map(str, words))
