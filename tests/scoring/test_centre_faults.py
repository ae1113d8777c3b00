"""A confirmed veto that faults the assigning centre stands in its report, and not in the lawyer's grade."""

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.models import User
from reviews.enums import Anchor
from reviews.models import CaseReview, VetoMark
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.reviews import factories as reviews
from tests.scoring.factories import scheme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


@pytest.mark.parametrize("confirmed", [True, False])
def test_only_a_confirmed_fault_of_the_centre_is_reported_and_the_lawyer_keeps_the_grade(confirmed: bool) -> None:
    scheme()
    case = factories.case(factories.centre())
    own = reviews.account_of(case.lawyer)
    row = reviews.assignment(case)
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V8", statement="执业不满三年", page="2", user=reader, now=NOW)
    reviews.submitted(row, A2=Anchor.PARTLY, C2=Anchor.PARTLY)
    veto, boss = VetoMark.objects.get(), reviews.manager(case.centre)
    answer_veto(veto_mark=veto, answer="由中心指派。", user=own, now=NOW)
    decide_veto(veto_mark=veto, confirmed=confirmed, reason="属实。", user=boss, now=NOW)
    client = Client()
    client.force_login(boss)
    period = {"centre": case.centre.code, "period": str(case.closed_on.year)}

    page = client.get(reverse("scoring:report"), period).content.decode()
    paper = text_of(client.get(reverse("api-report-pdf"), period).content)
    told = client.get(reverse("api-report"), period).json()["centre_faults"]

    assert CaseReview.objects.current().get(case=case).grade == "good"
    assert ("中心不合格的案件" in page, "V8" in paper) == (confirmed, confirmed)
    assert [(each["case_number"], each["code"]) for each in told] == ([(case.number, "V8")] if confirmed else [])
