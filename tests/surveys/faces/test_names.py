"""Names that tables keep reach a reader as words."""

import pytest
from django.template import Context, Template
from django.utils import translation

from surveys.enums import Occasion
from surveys.models.conversations import CLOSING_WAVE
from surveys.recovery import WAVE
from surveys.templatetags.asking import WAVES
from surveys.texts import NAMES


def shown(source: str, language: str = "zh-hans", **context: object) -> str:
    with translation.override(language):
        return Template("{% load asking %}" + source).render(Context(context))


def test_the_waves_of_the_service_have_words_and_a_centres_own_keeps_its_name():
    assert WAVES.keys() == {CLOSING_WAVE, WAVE, *Occasion.values}
    assert shown("{{ wave|wave_name }}", wave=CLOSING_WAVE) == "结案回访"
    assert shown("{{ wave|wave_name }}", wave="after-a-year") == "after-a-year"


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_named_by_what_it_is_for(name: str):
    assert name not in shown("{{ name|text_name }}", name=name)


def test_a_rating_is_said_as_the_client_read_it():
    assert shown("{{ mark|rating_name }}", mark=1) == "非常不满意"
    assert shown('{{ mark|rating_name|default:"—" }}', mark=None) == "—"
