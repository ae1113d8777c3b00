"""What programs send to the doors of scoring: a number is no words, and nothing is decided beside what nobody knows."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.fields import CharField
from rest_framework.serializers import ListField

from qa_service.common.api import TextField
from scoring import api as api_package
from scoring.api.report_orders import OrderWriter
from scoring.enums import ProposalState, RuleCode
from scoring.models import Proposal
from tests.scoring.deciding import heard

SENT = ("Writer", "Write", "Shape")
# A year is a number to a program, and means the same.
NUMBERS_TOO = {(OrderWriter, "period")}


def shapes() -> dict[str, type]:
    modules = [import_module(f"scoring.api.{found.name}") for found in iter_modules(api_package.__path__)]
    return {name: shape for module in modules for name, shape in vars(module).items() if name.endswith(SENT)}


def test_words_are_taken_from_words_alone() -> None:
    coerced = [
        (shape, name)
        for shape in shapes().values()
        for name, field in shape().fields.items()
        for each in [field.child if isinstance(field, ListField) else field]
        if type(each) is CharField
    ]

    assert len(shapes()) > 20
    assert set(coerced) == NUMBERS_TOO
    assert TextField().run_validation("五") == "五"


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "field"), [({"reason": 5}, "reason"), ({"hurry": True}, "hurry")])
def test_a_decision_is_not_taken_from_what_nobody_meant(wrong: dict[str, object], field: str) -> None:
    place, row = heard(RuleCode.S2)
    program = Browser()
    program.force_login(place.manager)
    body = {"outcome": "accept", "reason": "事实清楚。"} | wrong

    refused = program.post(reverse("api-decide", args=[row.public_id]), body, content_type="application/json")

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert Proposal.objects.get(pk=row.pk).state == ProposalState.HEARING
