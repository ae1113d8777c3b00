"""What was recorded of a hearing is weighed once the case is closed; one only planned is evidence that is missing."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.cases.models import Case
from reviews.enums import Anchor
from reviews.models import CaseReview
from scoring.models import CaseScore
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.reviews import hearing_rows
from tests.reviews.factories import GOOD, account_of, assignment, manager, submitted
from tests.scoring.factories import scheme

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("recorded", [True, False])
def test_a_recorded_hearing_is_weighed_and_told_to_the_lawyer_and_one_only_planned_is_missing(recorded):
    scheme()
    centre = factories.centre()
    hearing_rows.observer(centre)
    boss = manager(centre)
    hearing = hearing_rows.planned(centre, by=boss, accepted_on=date(2026, 5, 1), assigned_on=date(2026, 5, 3))
    if recorded:
        hearing_rows.handed_in(hearing.observations.get(), H3=Anchor.PARTLY)
        hearing_rows.recorded(hearing, by=boss, H3=Anchor.PARTLY)
    Case.with_open.filter(pk=hearing.case_id).update(
        hearing_on=None, closed_on=date(2026, 11, 10), filed_on=date(2026, 11, 15), survey_released_at=NOW
    )
    lawyer = account_of(hearing.case.lawyer)
    submitted(assignment(Case.objects.get(pk=hearing.case_id)), **GOOD)

    rescore_changed(now=NOW)

    score = CaseScore.objects.current().get(case=hearing.case_id)
    inputs = json.loads(score.derivation)["inputs"]
    assert inputs["hearing_applies"] is True
    assert inputs["hearing"] == ("88" if recorded else None)
    # Of the file 50, the organ 10, the hearing 10, the limits 5: nobody asked the organ.
    assert round(score.coverage, 2) == (Decimal("86.67") if recorded else Decimal("73.33"))
    page = Client()
    page.force_login(lawyer)
    result = CaseReview.objects.current().get(case=hearing.case_id)
    shown = page.get(reverse("reviews:result", args=[result.public_id])).content.decode()
    assert ("见笔记" in shown, str(hearing.observations.get().observer) in shown) == (recorded, False)
