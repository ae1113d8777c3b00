"""Every column that can hold words is in the table of what we keep, or reviewed as holding nothing of a person."""

from collections import Counter

import pytest
from django.apps import apps
from django.db import models

from qa_service.privacy.rooms import ROOMS, RULES

WORDS = (
    models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.BinaryField,
    models.FileField,
)  # fmt: skip
IN_THE_TABLE = [label for rule in RULES for label in rule.labels()]
REVIEWED = [label for room in ROOMS for _why, labels in room.without for label in labels]


def columns_of_words() -> set[str]:
    """Of every table of the service and of what it is built on; one with choices holds nothing but a choice."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, WORDS) and not field.choices
    }


def every_column() -> set[str]:
    return {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields}


def test_every_column_of_words_is_kept_by_a_rule_or_reviewed():
    assert sorted(columns_of_words() - {*IN_THE_TABLE, *REVIEWED}) == []


def test_nothing_is_listed_that_does_not_exist():
    assert sorted({*IN_THE_TABLE, *REVIEWED} - every_column()) == []


def test_nothing_is_listed_twice():
    assert [label for label, times in Counter([*IN_THE_TABLE, *REVIEWED]).items() if times > 1] == []


def test_every_rule_has_a_name_of_its_own():
    assert len({rule.key for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.term], ids=lambda rule: rule.key)
def test_a_default_lies_within_its_bounds(rule):
    assert 0 < rule.term.shortest <= rule.term.days <= rule.term.longest


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.term], ids=lambda rule: rule.key)
def test_a_rule_with_a_term_says_from_when_it_counts(rule):
    assert [part.table for part in rule.parts if not part.since] == []
