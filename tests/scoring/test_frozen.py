"""The database itself refuses to change or delete what was published, said, decided or numbered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction

from qa_service.accounts.enums import Role
from scoring.enums import AppealState, RuleCode
from scoring.models import (
    Appeal,
    BatchedAnswer,
    CaseScore,
    ClientVoiceBatch,
    Decision,
    Notice,
    NumberCounter,
    PublicDisplay,
    Rule,
    Scheme,
    Statement,
)
from scoring.services.appeals import decide_appeal, lodge_appeal
from scoring.services.procedure import ask_for_statement
from scoring.services.voice import release_client_voice
from tests import factories
from tests.factories import NOW
from tests.scoring.deciding import DISPLAY_OVER, accepted, heard, issued, office, proposed
from tests.scoring.factories import scored, voice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


def a_notice() -> Any:
    return issued(RuleCode.S2)[1]


def a_decision() -> Any:
    return accepted(RuleCode.S1)[1].decision


def a_statement() -> Any:
    return heard(RuleCode.S2)[1].statement


def a_rule() -> Any:
    office()
    return Rule.objects.get(code=RuleCode.R1)


def a_display() -> Any:
    return accepted(RuleCode.R1)[1].display


def a_counter() -> Any:
    issued(RuleCode.S2)
    return NumberCounter.objects.get()


def an_appeal() -> Any:
    place, notice = issued(RuleCode.S2)
    return lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)


def an_answered_appeal() -> Any:
    appeal = an_appeal()
    other = factories.user(Role.MANAGER, at=appeal.notice.issuer)
    decide_appeal(appeal=appeal, person=other, upheld=False, answer="驳回", now=DISPLAY_OVER)
    return Appeal.objects.get(pk=appeal.pk)


def a_score() -> Any:
    return scored()


def a_scheme() -> Any:
    office()
    return Scheme.objects.get()


def a_batch() -> Any:
    firm = factories.firm(factories.centre())
    lawyer = factories.lawyer(firm)
    for _each in range(5):
        voice(factories.case(firm.centre, lawyer=lawyer, firm=firm))
    release_client_voice(now=NOW)
    return ClientVoiceBatch.objects.get()


def a_batched_answer() -> Any:
    a_batch()
    return BatchedAnswer.objects.first()


@pytest.mark.parametrize(
    ("made", "change"),
    [
        (a_notice, {"content": {}}),
        (a_notice, {"content_sha256": "0" * 64}),
        (a_notice, {"number": 7}),
        (a_notice, {"label": "临援改〔2026〕7号"}),
        (a_notice, {"file_sha256": "0" * 64}),
        (a_notice, {"file": None, "state": "issuing"}),
        (a_notice, {"issued_at": NOW}),
        (a_decision, {"reason": "别的理由"}),
        (a_decision, {"outcome": "decline"}),
        (a_statement, {"text": "别的话"}),
        (a_statement, {"submitted_at": None}),
        (a_rule, {"legal_basis": "别的依据"}),
        (a_rule, {"thresholds": {"core_items": []}}),
        (a_rule, {"enabled": False}),
        (a_display, {"ends_on": NOW.date()}),
        (a_counter, {"last": 0}),
        (an_appeal, {"text": "别的话"}),
        (an_answered_appeal, {"answer": "别的话"}),
        (an_answered_appeal, {"state": AppealState.UPHELD}),
    ],
)
def test_nobody_changes_it(made: Callable[[], models.Model], change: dict[str, Any]) -> None:
    row = made()

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**change)


def test_a_statement_cannot_be_put_off_before_it_is_given() -> None:
    place, row = proposed(RuleCode.S2)
    asked = ask_for_statement(proposal=row, person=place.manager, now=NOW)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Statement.objects.filter(pk=asked.pk).update(due_on=NOW.date())


@pytest.mark.usefixtures("kept_for_ever")
@pytest.mark.parametrize(
    "made",
    [
        a_notice, a_decision, a_statement, a_rule, a_display, a_counter, an_appeal, a_score, a_scheme, a_batch,
        a_batched_answer,
    ],
)  # fmt: skip
def test_nobody_deletes_it(made: Callable[[], models.Model]) -> None:
    row = made()

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        # Past the checks of the framework: what would be left pointing at it is not asked.
        type(row)._base_manager.filter(pk=row.pk)._raw_delete(using="default")


def test_what_is_still_to_come_may_still_be_written() -> None:
    _place, notice = issued(RuleCode.S2)

    assert Notice.objects.filter(pk=notice.pk).update(acknowledged_at=DISPLAY_OVER) == 1
    assert Statement.objects.count() == Decision.objects.count() == 1
    assert CaseScore.objects.current().update(is_current=False) == 1
    assert PublicDisplay.objects.count() == 0
