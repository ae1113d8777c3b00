"""Names that the tables keep, in the reader's words: `{{ name|text_name }}`, `{{ plan.wave|wave_name }}`."""

from typing import Final

from django import template
from django.utils.translation import pgettext_lazy

from surveys.enums import Occasion
from surveys.texts import NAMES

register = template.Library()

WAVES: Final = {
    "closing": pgettext_lazy("wave", "After the case closed"),
    **dict(Occasion.choices),
    "recovery": pgettext_lazy("wave", "After a matter was put right"),
}
RATINGS: Final = {
    5: pgettext_lazy("rating", "very satisfied"),
    4: pgettext_lazy("rating", "satisfied"),
    3: pgettext_lazy("rating", "fairly satisfied"),
    2: pgettext_lazy("rating", "dissatisfied"),
    1: pgettext_lazy("rating", "very dissatisfied"),
}


@register.filter
def text_name(name: str) -> str:
    """A text to telephones by what it is for and how it goes out."""
    kind, channel = NAMES[name]
    return f"{kind.label} · {channel.label}" if channel else str(kind.label)


@register.filter
def wave_name(wave: str) -> str:
    """A wave of the service's own in words; one that somebody named themselves, as they named it."""
    return str(WAVES.get(wave, wave))


@register.filter
def rating_name(rating: int | None) -> str:
    """A mark from 1 to 5 as the client read it; nothing for none."""
    return str(RATINGS[rating]) if rating in RATINGS else ""
