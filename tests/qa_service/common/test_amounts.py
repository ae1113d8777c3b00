"""What a page writes between and around figures and words, in the way of its language."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

from qa_service.common.rounding import with_sign


def shown(template: str, **context: object) -> str:
    return Template("{% load amounts i18n lists %}" + template).render(Context(context))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_thousands_are_grouped_in_both_languages(language):
    with override(language):
        assert shown("{{ yuan|amount }}", yuan=Decimal(6628667)) == "6,628,667.00"


def test_nothing_is_written_for_no_amount():
    assert shown("{{ yuan|amount }}", yuan=None) == ""


@pytest.mark.parametrize(
    ("value", "written"), [(-0.314, "−0.31"), (0.125, "0.13"), (-0.001, "0.00"), (1.0, "1.00"), (-1.0, "−1.00")]
)
def test_a_coefficient_below_nought_has_a_minus_sign_and_is_rounded_as_people_do(value, written):
    assert shown("{{ value|coefficient }}", value=value) == written


@pytest.mark.parametrize(("value", "written"), [(2, "+2"), (-1, "−1"), (0, "+0"), (Decimal("-0.35"), "−0.35")])
def test_a_difference_below_nought_has_a_minus_sign(value, written):
    assert with_sign(value) == written


@pytest.mark.parametrize(("language", "written"), [("zh-hans", "A2、B1"), ("en", "A2, B1")])
def test_a_list_has_the_marks_of_its_language(language, written):
    with override(language):
        assert shown("{{ codes|listed }}", codes=["A2", "B1"]) == written


@pytest.mark.parametrize(("language", "written"), [("zh-hans", "状态（待评）：一"), ("en", "状态 (待评): 一")])
def test_brackets_and_colons_are_those_of_the_language(language, written):
    with override(language):
        assert shown('状态{% translate " (" %}待评{% translate ")" %}{% translate ": " %}一') == written


def test_no_page_writes_the_marks_of_one_language_into_both():
    """A bracket or a colon between what two tags write would stand in Chinese as in English."""
    marks = ("}: {", "} ({", "}</strong>: {", '|join:", "', "}, {{", "%}, {% endif %}", "%}: _")
    pages = Path(settings.BASE_DIR, "templates").rglob("*.html")
    outside = ((page.name, _outside_sentences(page.read_text(encoding="utf-8"))) for page in pages)

    assert [(name, mark) for name, text in outside for mark in marks if mark in text] == []


def _outside_sentences(text: str) -> str:
    """The template without its sentences for the translators, which have marks of their own."""
    kept = [part.rpartition("endblocktranslate %}")[2] for part in text.split("{% blocktranslate")]
    return "".join(kept)
