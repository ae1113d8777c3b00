"""Evidence changes, the sweep weighs again, and nothing that was weighed is ever changed."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa_service.cases.models import Case, EvidenceChange
from qa_service.cases.services import evidence_changed
from reviews.enums import Anchor
from scoring.calculation import recompute
from scoring.enums import Grade
from scoring.models import CaseScore, CaseVoice, Scheme
from scoring.queries.evidence import gathered
from scoring.queries.schemes import NoSchemePublished, rules_by
from scoring.queries.scores import current_scores
from scoring.services.schemes import SchemeInvalid, publish_default_scheme, publish_scheme
from scoring.services.scores import _rescore_batch, mark_due, rescore_changed
from surveys.models import Answer
from tests import factories
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.scoring.factories import LATER, answered, scheme, scored

pytestmark = pytest.mark.django_db


def test_a_released_review_becomes_a_graded_score_that_explains_itself() -> None:
    score = scored()

    # (50 × 87.4 + 5 × 100) ÷ 55; the court was not asked.
    assert (score.grade, score.score) == (Grade.GOOD, Decimal("88.54545454"))
    assert (score.coverage, score.provisional) == (Decimal("84.61538461"), False)
    assert recompute(score.derivation, rules_by(score.scheme)).decode() == score.derivation
    assert not EvidenceChange.objects.exists()


def test_the_file_is_due_from_the_receipt_of_the_judgment_where_that_came_later() -> None:
    closed, received = date(2026, 8, 1), date(2026, 11, 1)
    case = factories.case(
        factories.centre(), closed_on=closed, judgment_received_on=received, filed_on=date(2026, 11, 20)
    )

    derivation = json.loads(scored(case).derivation)

    line = next(line for line in derivation["lines"] if line["source"] == "time_limits")
    assert (line["value"], line["facts"], derivation["inputs"]["filing"]["counted_from"]) == (
        "100",
        {"days": "19"},
        "2026-11-01",
    )


def test_the_same_evidence_again_writes_nothing() -> None:
    score = scored()
    evidence_changed(score.case_id)

    assert rescore_changed(now=LATER) == 1

    assert list(CaseScore.objects.values_list("pk", flat=True)) == [score.pk]


def test_new_evidence_supersedes_the_former_score() -> None:
    former = scored()
    Case.objects.filter(pk=former.case_id).update(filed_on=date(2026, 12, 30))
    evidence_changed(former.case_id)

    rescore_changed(now=LATER)

    former.refresh_from_db()
    current = CaseScore.objects.current().get(case=former.case_id)
    assert (former.is_current, current.pk != former.pk) == (False, True)
    assert current.score is not None
    assert former.score is not None
    assert current.score < former.score


def test_a_case_that_nobody_has_read_has_no_score() -> None:
    scheme()
    evidence_changed(factories.case(factories.centre()).pk)

    assert rescore_changed(now=NOW) == 1

    assert not CaseScore.objects.exists()


def test_top_marks_by_one_reader_wait_for_a_second() -> None:
    scheme()
    case = factories.case(factories.centre())
    reviews.submitted(reviews.assignment(case), A1=Anchor.FULL)
    rescore_changed(now=NOW)

    score = CaseScore.objects.current().get(case=case)

    assert (score.grade, score.score, score.released_on) == (Grade.PENDING, None, None)


def test_a_client_who_answers_changes_nothing_of_the_case_score() -> None:
    case = answered(1)
    score = scored(case)
    before = CaseScore.objects.values_list("pk", "derivation", "computed_at").get(pk=score.pk)
    evidence_changed(case.pk)
    rescore_changed(now=LATER)

    assert list(CaseScore.objects.values_list("pk", "derivation", "computed_at")) == [before]
    assert CaseVoice.objects.get(case=case).score == Decimal(0)


def test_an_answer_that_is_taken_back_no_longer_speaks() -> None:
    case = answered(1)
    rescore_changed(now=NOW)
    assert CaseVoice.objects.current().filter(case=case).exists()

    Answer.objects.filter(response__conversation__case=case).delete()
    evidence_changed(case.pk)
    rescore_changed(now=LATER)

    assert list(CaseVoice.objects.filter(case=case).values_list("is_current", flat=True)) == [False]


def test_a_change_that_comes_while_weighing_stays_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading and deleting, the version grows: only the one that was weighed is deleted."""
    score = scored()
    evidence_changed(score.case_id)

    def change_meanwhile(*args: object, **kwargs: object) -> object:
        found = gathered(*args, **kwargs)  # type: ignore[arg-type]
        evidence_changed(score.case_id)
        return found

    monkeypatch.setattr("scoring.services.scores.gathered", change_meanwhile)
    _rescore_batch(size=10, now=LATER)

    assert EvidenceChange.objects.get(case=score.case_id).version == 2


def test_the_number_of_queries_does_not_grow_with_the_batch() -> None:
    one = scored(factories.case(factories.centre()))
    evidence_changed(one.case_id)
    with CaptureQueriesContext(connection) as few:
        rescore_changed(now=LATER)
    others = [scored(factories.case(factories.centre())) for _each in range(4)]
    Case.objects.update(filed_on=date(2026, 12, 30))
    evidence_changed([one.case_id, *(other.case_id for other in others)])
    Case.objects.filter(pk=one.case_id).update(filed_on=date(2026, 11, 15))
    with CaptureQueriesContext(connection) as many:
        rescore_changed(now=LATER)

    # The second has rows to supersede and to insert.
    assert len(many) <= len(few) + 2


def test_a_file_that_does_not_come_is_weighed_again_when_its_last_limit_passes() -> None:
    score = scored(factories.case(factories.centre(), filed_on=None))
    assert (score.weigh_again_on, score.score) == (date(2027, 1, 10), Decimal("87.4"))
    assert mark_due(now=NOW) == 0

    after = NOW + timedelta(days=60)
    assert mark_due(now=after) == 1
    rescore_changed(now=after)

    current = CaseScore.objects.current().get(case=score.case_id)
    assert (current.score, current.weigh_again_on) == (Decimal("79.45454545"), None)
    assert mark_due(now=after) == 0


# 2027-01-10 00:30 in Shanghai, the day before in London.
MIDNIGHT_IN_SHANGHAI = datetime(2027, 1, 9, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "come"), [("Asia/Shanghai", 1), ("Europe/London", 0)])
@pytest.mark.parametrize("service", ["Asia/Shanghai", "Europe/London"])
def test_the_day_on_which_a_file_is_overdue_is_the_day_of_its_centre(zone: str, come: int, service: str) -> None:
    score = scored(factories.case(factories.centre(settings={"time_zone": zone}), filed_on=None))

    with timezone.override(service):
        marked = mark_due(now=MIDNIGHT_IN_SHANGHAI)
        evidence_changed(score.case_id)
        rescore_changed(now=MIDNIGHT_IN_SHANGHAI)

    current = CaseScore.objects.current().get(case=score.case_id)
    assert (marked, current.weigh_again_on is None) == (come, bool(come))


def test_scores_in_force_are_read_in_one_query(django_assert_num_queries: object) -> None:
    scores = [scored(), scored()]

    with CaptureQueriesContext(connection) as queries:
        found = current_scores([score.case_id for score in scores])

    assert (found, len(queries)) == ({score.case_id: score for score in scores}, 1)


def test_a_score_cannot_be_changed() -> None:
    score = scored()

    with pytest.raises(DatabaseError), transaction.atomic():
        CaseScore.objects.filter(pk=score.pk).update(score=100)


def test_a_published_scheme_cannot_be_changed() -> None:
    scheme = publish_default_scheme(now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        Scheme.objects.filter(pk=scheme.pk).update(rules={})


def test_publishing_the_default_again_changes_nothing() -> None:
    first = publish_default_scheme(now=NOW)

    assert (publish_default_scheme(now=LATER), Scheme.objects.count()) == (first, 1)


def test_a_scheme_that_does_not_hold_together_is_refused() -> None:
    with pytest.raises(SchemeInvalid):
        publish_scheme(rules={"bands": []}, actor=factories.user().actor, now=NOW)


def test_without_a_scheme_the_sweep_says_so() -> None:
    evidence_changed(factories.case(factories.centre()).pk)

    with pytest.raises(NoSchemePublished):
        rescore_changed(now=NOW)
