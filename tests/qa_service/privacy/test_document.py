"""The document about personal data says of every rule what the code says."""

from pathlib import Path

import pytest
from django.utils import translation

from qa_service.common.keeping import Ground, Rule
from qa_service.organisations.models import CentreSettings
from qa_service.privacy.enums import RequestKind, Stay
from qa_service.privacy.rooms import HOLDS, RULES, is_local

DOCUMENT = Path(__file__).parents[3] / "docs" / "privacy.md"


def row_of(rule: Rule) -> str:
    """`| what | what for | days, bounds | from when | on what ground |`, as the document has it."""
    with translation.override("en"):
        return f"| `{rule.key}` {rule.title} | {rule.purpose} | {_how_long(rule)} | {rule.ground.name} |"


def _how_long(rule: Rule) -> str:
    if rule.term is None:
        return "as long as the record it stands in"
    said = f"{rule.term.days} days after {rule.since}"
    if rule.bound_first:
        said += ", not before the paper is bound"
    if rule.term.fixed or not is_local(rule):
        return f"{said}; the same everywhere"
    return f"{said}; {rule.term.shortest} to {rule.term.longest}"


def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def words() -> str:
    return " ".join(document().split())


def test_the_table_has_one_row_for_every_rule_and_no_other():
    rows = [line for line in document().splitlines() if line.startswith("| `")]

    assert rows == [row_of(rule) for rule in RULES]


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_is_spelt_out(ground):
    with translation.override("en"):
        assert f"**{ground.name}**: {ground.label}" in words()


@pytest.mark.parametrize("kind", RequestKind)
def test_every_kind_of_request_is_told(kind):
    with translation.override("en"):
        assert str(kind.label) in words()


@pytest.mark.parametrize("said", [*Stay, *HOLDS], ids=lambda said: getattr(said, "key", str(said)))
def test_every_reason_to_keep_something_is_told(said):
    with translation.override("en"):
        assert str(said.label) in words()


def test_the_time_to_answer_is_the_default_of_the_setting():
    days = CentreSettings._meta.get_field("person_request_days").default

    assert f"within {days} working days" in words()
