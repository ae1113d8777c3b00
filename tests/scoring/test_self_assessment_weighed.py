"""How near a firm came to the result of its file is weighed into the case grade; how high it marked is not."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.models import User
from reviews.enums import Anchor, SelfAssessmentState
from reviews.models import SelfAssessment
from scoring.calculation import recompute
from scoring.enums import SourceKind
from scoring.models import CaseScore
from scoring.queries.evidence import gathered
from scoring.queries.schemes import published_schemes, rules_by
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, submitted
from tests.reviews.self_rows import asked, handed_in
from tests.scoring.factories import scheme

pytestmark = pytest.mark.django_db

LEFT: dict[str, Any] = {"closed_on": date(2026, 11, 10), "filed_on": date(2026, 11, 15)}


def line(score):
    lines = json.loads(score.derivation)["lines"]
    return next(each for each in lines if each["source"] == SourceKind.SELF_ASSESSMENT)


def weighed(row):
    submitted(assignment(row.case), **GOOD)
    rescore_changed(now=NOW)
    return CaseScore.objects.current().get(case=row.case)


@pytest.fixture(autouse=True)
def _clock():
    scheme()
    with time_machine.travel(NOW, tick=False):
        yield


# The readers deducted 4.2 points at A2 and 8.4 at C2.
@pytest.mark.parametrize(
    ("own", "gap", "value"),
    [
        (GOOD, "0", "100"),
        ({}, "12.6", "74.8"),
        # A2 4.2 points too high and A1 3 too low: the totals lie 1.2 apart, the marks 7.2.
        ({"C2": GOOD["C2"], "A1": Anchor.NONE}, "7.2", "85.6"),
    ],
)
def test_accuracy_is_weighed_item_by_item_and_told_to_the_lawyer(own, gap, value):
    row = handed_in(asked(**LEFT), **own)

    score = weighed(row)

    found = line(score)
    assert (found["applies"], found["facts"], found["value"]) == (True, {"apart": gap}, value)
    assert recompute(score.derivation, rules_by(score.scheme)).decode() == score.derivation
    page = Client()
    page.force_login(User.objects.get(lawyer=row.case.lawyer))
    shown = page.get(reverse("scoring:case-result", args=[row.case.public_id])).content.decode()
    assert "律所自评与评查结果逐项相差合计" in shown


def test_one_late_and_missing_leaves_its_weight_to_the_others_and_lowers_the_coverage():
    missing, overtaken = asked(**LEFT), asked(**LEFT)
    SelfAssessment.objects.filter(pk=missing.pk).update(due_on=NOW.date() - timedelta(days=1))
    # As results did that waited for no firm.
    SelfAssessment.objects.filter(pk=overtaken.pk).update(state=SelfAssessmentState.OVERTAKEN, closed_at=NOW)
    alone = factories.case(factories.centre(), **LEFT)
    account_of(alone.lawyer)
    submitted(assignment(alone), **GOOD)

    scores = [weighed(row) for row in (missing, overtaken)]

    without = CaseScore.objects.current().get(case=alone)
    states = [SelfAssessment.objects.get(pk=row.pk).state for row in (missing, overtaken)]
    assert states == [SelfAssessmentState.MISSING, SelfAssessmentState.OVERTAKEN]
    assert [line(score)["applies"] for score in scores] == [True, False]
    assert {score.score for score in scores} == {without.score}
    assert scores[0].coverage < scores[1].coverage
    # Whoever had no fair chance, and whoever was not asked, is weighed to the byte as before.
    assert scores[1].derivation == without.derivation


def test_one_handed_in_after_its_day_and_before_the_release_counts():
    row = asked(**LEFT)
    SelfAssessment.objects.filter(pk=row.pk).update(due_on=NOW.date() - timedelta(days=1))

    score = weighed(handed_in(SelfAssessment.objects.get(pk=row.pk), **GOOD))

    assert line(score)["value"] == "100"


def test_until_the_release_the_score_says_nothing_of_what_the_firm_marked():
    row = handed_in(asked(**LEFT))
    submitted(assignment(row.case), A1=Anchor.FULL)  # excellent: it waits for a second reader, unreleased

    rescore_changed(now=NOW)

    assert line(CaseScore.objects.current().get(case=row.case))["applies"] is False


def test_the_evidence_of_many_cases_takes_no_more_queries_than_that_of_one(django_assert_num_queries):
    rows = [handed_in(asked(**LEFT)) for _ in range(3)]
    for row in rows:
        submitted(assignment(row.case), **GOOD)
    schemes = published_schemes()
    ids = [row.case_id for row in rows]
    gathered(ids[:1], schemes=schemes, now=NOW)

    with CaptureQueriesContext(connection) as one:
        gathered(ids[:1], schemes=schemes, now=NOW)
    with django_assert_num_queries(len(one.captured_queries)):
        found = gathered(ids, schemes=schemes, now=NOW)

    assert [each.evidence.self_assessment_gap for each in found] == [Decimal("12.6")] * 3
