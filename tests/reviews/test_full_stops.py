"""Sentences are joined by the sign of their language: a Western full stop stands in no Chinese one."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "reviews"
TRANSLATED = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}|\{% translate .*?%\}", re.DOTALL)
# A figure with its stop heads a line of a list.
JOINED = re.compile(r"(?<!number )(?:\}\}|%\}|</\w+>|\bT)\.(?=\s|<|\{)")


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: page.name)
def test_no_page_joins_its_sentences_with_a_stop_of_one_language(page: Path) -> None:
    assert JOINED.findall(TRANSLATED.sub("T", page.read_text(encoding="utf-8"))) == []
