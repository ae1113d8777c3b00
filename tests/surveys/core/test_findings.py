"""That money was taken of a client, once confirmed, stands in the bureau's register of complaints."""

from typing import Any

import pytest
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case, ComplaintRequest, RiskFlag
from qa_service.organisations.enums import FirmKind
from reviews.models import VetoMark
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from surveys.models import Complaint
from surveys.services import register_findings
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, manager, submitted

pytestmark = pytest.mark.django_db
SAID = "受援人称给过律师两千元"


def found(code: str = "V1", *, confirmed: bool = True, bureau: bool = True, **fields: Any) -> tuple[Case, User]:
    """A case in which the veto was decided, and who decided it."""
    centre = factories.centre(factories.organisation("bureau")) if bureau else factories.centre()
    row = assignment(factories.case(centre, **fields))
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code=code, statement=SAID, page="40", user=reader, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get(review=row.review)
    answer_veto(veto_mark=veto, answer="系诉讼费。", user=account_of(row.case.lawyer), now=NOW)
    person = manager(row.case.centre)
    decide_veto(veto_mark=veto, confirmed=confirmed, reason="属实。", user=person, now=NOW)
    return row.case, person


def test_money_taken_is_entered_once_in_the_name_of_who_confirmed_it() -> None:
    case, person = found()

    assert [register_findings(now=NOW), register_findings(now=NOW)] == [1, 0]

    entry = Complaint.objects.get()
    assert (entry.case, entry.ground, entry.received_by, entry.respondent, entry.respondent_name) == (
        case, "money", "review", "lawyer", case.lawyer.name,
    )  # fmt: skip
    assert (entry.complainant, entry.complainant_name, entry.client) == ("office", case.centre.name, None)
    assert entry.facts == f"{case.number}的案卷评查认定一票否决事项V1“收取受援人财物”（第40页）。"
    assert [step.by for step in entry.steps.all()] == [person]
    assert not ComplaintRequest.objects.exists()


def test_the_case_is_flagged_from_the_decision_on() -> None:
    case, _person = found()

    assert list(RiskFlag.objects.filter(case=case, cleared_at=None).values_list("kind", flat=True)) == ["complaint"]


@pytest.mark.parametrize(("code", "confirmed"), [("V1", False), ("V4", True), ("V6", True)])
def test_nothing_else_is_entered(code: str, confirmed: bool) -> None:
    found(code, confirmed=confirmed)

    assert (register_findings(now=NOW), RiskFlag.objects.count()) == (0, 0)


def test_what_the_reader_wrote_is_not_copied_into_the_queue() -> None:
    found()

    assert SAID not in ComplaintRequest.objects.get().facts


def test_without_a_bureau_above_it_waits_until_there_is_one() -> None:
    case, _person = found(bureau=False)
    assert register_findings(now=NOW) == 0

    assert (ComplaintRequest.objects.get().case, Complaint.objects.count()) == (case, 0)


def test_what_the_centre_s_own_staff_took_stays_with_the_bureau() -> None:
    centre = factories.centre(factories.organisation("bureau"))
    own = factories.firm(centre, kind=FirmKind.CENTRE_STAFF)
    row = assignment(factories.case(centre, firm=own, lawyer=factories.lawyer(own)))
    person = factories.user(Role.MANAGER, at=centre)
    ComplaintRequest.objects.create(
        case=row.case, source=row.public_id, facts="收取财物", asked_by=person, asked_at=NOW
    )

    assert register_findings(now=NOW) == 1
    assert Complaint.objects.get().respondent == "centre"


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "投诉登记簿"), ("en", "register of complaints")])
def test_who_confirms_it_is_told_before_and_after(client: Any, language: str, words: str) -> None:
    centre = factories.centre(factories.organisation("bureau"))
    row = assignment(factories.case(centre))
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V1", statement=SAID, page="40", user=reader, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get(review=row.review)
    answer_veto(veto_mark=veto, answer="系诉讼费。", user=account_of(row.case.lawyer), now=NOW)
    client.force_login(manager(centre))
    client.cookies["django_language"] = language

    before = client.get(reverse("reviews:vetoes")).content.decode()
    given = {"decision": "confirm", "reason": "属实。"}
    after = client.post(reverse("reviews:decide-veto", args=[veto.public_id]), given, follow=True).content.decode()

    assert (words in before, words in after) == (True, True)
