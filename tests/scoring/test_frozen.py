"""The database itself refuses to change or delete what was published, said, decided or numbered."""

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
from tests.scoring.deciding import DISPLAY_OVER, accepted, issued, proposed
from tests.scoring.factories import voice
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


def of_each() -> dict[str, models.Model]:
    """One row of each kind, as it stands when it may no longer change."""
    place, notice = issued(RuleCode.S2)
    _place, other = issued(RuleCode.S2, place)
    appeal, answered = (
        lodge_appeal(notice=each, person=place.handler, text="不服", now=DISPLAY_OVER) for each in (notice, other)
    )
    third = factories.user(Role.MANAGER, at=place.centre)
    decide_appeal(appeal=answered, person=third, upheld=False, answer="驳回", now=DISPLAY_OVER)
    for _each in range(5):
        voice(place.case())
    release_client_voice(now=NOW)
    return {
        "notice": notice,
        "decision": accepted(RuleCode.S1, place)[1].decision,
        "task": accepted(RuleCode.S1, place)[1].task,
        "statement": notice.proposal.statement,
        "rule": Rule.objects.get(code=RuleCode.R1),
        "display": accepted(RuleCode.R1, place)[1].display,
        "counter": NumberCounter.objects.get(),
        "appeal": appeal,
        "answered appeal": Appeal.objects.get(pk=answered.pk),
        "score": CaseScore.objects.current().get(case=notice.case),
        "scheme": Scheme.objects.get(),
        "batch": ClientVoiceBatch.objects.get(),
        "batched answer": BatchedAnswer.objects.earliest("pk"),
    }


class TestWhatWasPublishedSaidDecidedOrNumbered:
    @pytest.fixture(scope="class")
    @classmethod
    def rows(cls, stage: Stage, fonts: object) -> dict[str, models.Model]:
        return stage(of_each)

    @pytest.mark.parametrize(
        ("kind", "change"),
        [
            ("notice", {"content": {}}),
            ("notice", {"content_sha256": "0" * 64}),
            ("notice", {"number": 7}),
            ("notice", {"label": "临援改〔2026〕7号"}),
            ("notice", {"file_sha256": "0" * 64}),
            ("notice", {"file": None, "state": "issuing"}),
            ("notice", {"issued_at": NOW}),
            ("decision", {"reason": "别的理由"}),
            ("decision", {"outcome": "decline"}),
            ("statement", {"text": "别的话"}),
            ("statement", {"submitted_at": None}),
            ("rule", {"legal_basis": "别的依据"}),
            ("rule", {"thresholds": {"core_items": []}}),
            ("rule", {"enabled": False}),
            ("display", {"ends_on": NOW.date()}),
            ("counter", {"last": 0}),
            ("appeal", {"text": "别的话"}),
            ("answered appeal", {"answer": "别的话"}),
            ("answered appeal", {"state": AppealState.UPHELD}),
        ],
    )
    def test_nobody_changes_it(self, rows: dict[str, models.Model], kind: str, change: dict[str, Any]) -> None:
        row = rows[kind]

        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**change)

    @pytest.mark.parametrize(
        ("kind", "ended", "missing"),
        [
            ("appeal", {"state": "dismissed", "answer": "驳回", "decided_at": NOW}, "decided_by"),
            ("appeal", {"state": "dismissed", "answer": "", "decided_at": NOW, "decided_by": 1}, "answer"),
            ("task", {"state": "done", "note": "已辅导", "done_at": NOW}, "closed_by"),
            ("task", {"state": "done", "note": "", "done_at": NOW, "closed_by": 1}, "note"),
            ("display", {"stopped_at": NOW, "stop_reason": "异议成立"}, "stopped_by"),
            ("display", {"stopped_at": NOW, "stop_reason": "", "stopped_by": 1}, "stop_reason"),
        ],
    )
    def test_nothing_ends_without_a_person_and_words(
        self, rows: dict[str, models.Model], kind: str, ended: dict[str, Any], missing: str
    ) -> None:
        row, person = rows[kind], factories.user()
        named = {name: person if value == 1 else value for name, value in ended.items()}
        whole = named | {missing: person if missing.endswith("_by") else "已说明"}
        rows_of_kind = type(row)._default_manager.filter(pk=row.pk)

        with pytest.raises(DatabaseError, match="who ended it"), transaction.atomic():
            rows_of_kind.update(**named)
        assert rows_of_kind.update(**whole) == 1

    @pytest.mark.usefixtures("kept_for_ever")
    @pytest.mark.parametrize(
        "kind",
        [
            "notice", "decision", "statement", "rule", "display", "counter", "appeal", "score", "scheme", "batch",
            "batched answer",
        ],
    )  # fmt: skip
    def test_nobody_deletes_it(self, rows: dict[str, models.Model], kind: str) -> None:
        row = rows[kind]

        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            # Past the checks of the framework: what would be left pointing at it is not asked.
            type(row)._base_manager.filter(pk=row.pk)._raw_delete(using="default")


def test_a_statement_cannot_be_put_off_before_it_is_given() -> None:
    place, row = proposed(RuleCode.S2)
    asked = ask_for_statement(proposal=row, person=place.manager, now=NOW)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Statement.objects.filter(pk=asked.pk).update(due_on=NOW.date())


def test_what_is_still_to_come_may_still_be_written() -> None:
    _place, notice = issued(RuleCode.S2)

    assert Notice.objects.filter(pk=notice.pk).update(acknowledged_at=DISPLAY_OVER) == 1
    assert Statement.objects.count() == Decision.objects.count() == 1
    assert CaseScore.objects.current().update(is_current=False) == 1
    assert PublicDisplay.objects.count() == 0
