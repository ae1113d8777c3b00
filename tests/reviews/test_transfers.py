"""A confirmed veto that also goes to another organ waits for the bureau until it is handed on."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.common.errors import InvalidInput
from reviews.models import VetoMark, VetoTransfer
from reviews.queries import cases_marked_by, people_who_marked, waiting_for
from reviews.services.assignments import NotTheirsToGive
from reviews.services.transfers import NotToTransfer, record_transfer
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, manager, submitted

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def decided(code: str = "V1", *, confirmed: bool = True) -> tuple[VetoMark, User]:
    """The veto, and the supervisor of the bureau above."""
    bureau = factories.organisation("bureau")
    row = assignment(factories.case(factories.centre(bureau)))
    own, reader = account_of(row.case.lawyer), User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code=code, statement="收费凭证", page="40", user=reader, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get(review=row.review)
    answer_veto(veto_mark=veto, answer="系诉讼费。", user=own, now=NOW)
    boss = manager(row.case.centre)
    decide_veto(veto_mark=veto, confirmed=confirmed, reason="属实。", user=boss, now=NOW)
    return VetoMark.objects.get(pk=veto.pk), factories.user(Role.SUPERVISOR, at=bureau)


def hand_on(veto: VetoMark, person: User, on: date | None = TODAY) -> VetoTransfer:
    return record_transfer(
        veto_mark=veto, organ="市律师协会", reference="临司函〔2026〕3号", transferred_on=on, user=person, now=NOW
    )


def waits(person: User) -> bool:
    return reverse("reviews:transfers") in [str(block.url) for block in waiting_for(person, NOW)]


@pytest.mark.parametrize(
    ("code", "confirmed", "expected"), [("V1", True, True), ("V1", False, False), ("V6", True, False)]
)
def test_what_was_confirmed_and_also_goes_elsewhere_waits_for_the_bureau(
    code: str, confirmed: bool, expected: bool
) -> None:
    _veto, supervisor = decided(code, confirmed=confirmed)

    assert waits(supervisor) is expected


def test_a_transfer_is_recorded_once_with_its_day_organ_and_reference() -> None:
    veto, supervisor = decided()

    hand_on(veto, supervisor)

    stored = VetoTransfer.objects.get()
    assert (stored.organ, stored.transferred_on, stored.recorded_by) == ("市律师协会", TODAY, supervisor)
    assert Entry.objects.get(action="reviews.veto_transferred").details["reference"] == "临司函〔2026〕3号"
    assert not waits(supervisor)
    with pytest.raises(NotToTransfer):
        hand_on(veto, supervisor)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_vetotransfer SET organ = 'x'")


def test_who_has_a_tie_to_the_lawyer_hands_nothing_on() -> None:
    veto, supervisor = decided()
    case = veto.review.assignment.case
    tied = factories.user(Role.SUPERVISOR, at=supervisor.grants.get().organisation, of=factories.lawyer(case.firm))

    with pytest.raises(NotTheirsToGive):
        hand_on(veto, tied)


@pytest.mark.parametrize("confirmed", [True, False])
def test_who_ruled_on_a_veto_decides_nothing_that_rests_on_the_marks(confirmed: bool) -> None:
    veto, _supervisor = decided(confirmed=confirmed)
    case = veto.review.assignment.case_id

    assert veto.decided_by_id in people_who_marked(case)
    assert cases_marked_by(veto.decided_by_id or 0, [case]) == {case}


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1), None])
def test_it_is_handed_on_after_the_decision_and_not_after_today(day: date | None) -> None:
    veto, supervisor = decided()

    with pytest.raises(InvalidInput) as refused:
        hand_on(veto, supervisor, on=day)

    assert refused.value.field == "transferred_on"


def test_the_page_and_a_program_list_and_record_it() -> None:
    veto, supervisor = decided()
    client = Client()
    client.force_login(supervisor)
    url, api = (reverse(name, args=[veto.public_id]) for name in ("reviews:record-transfer", "api-record-transfer"))
    body = {"organ": "市律师协会", "reference": "3号", "transferred_on": str(TODAY)}
    with time_machine.travel(NOW, tick=False):
        listed = client.get(reverse("reviews:transfers")).content.decode()
        waiting = client.get(reverse("api-transfers")).json()["results"]
        undated = client.post(url, {**body, "transferred_on": ""})
        done = client.post(url, body)
        again = client.post(api, body, content_type="application/json")

    assert (veto.review.assignment.case.number in listed, "待移送" in listed, len(waiting)) == (True, True, 1)
    assert (undated.status_code, "市律师协会" in undated.content.decode()) == (422, True)
    assert (done.status_code, again.status_code, VetoTransfer.objects.count()) == (302, 409, 1)


def test_another_bureau_hands_nothing_on_from_here() -> None:
    veto, _supervisor = decided()
    client = Client()
    client.force_login(factories.user(Role.SUPERVISOR, at=factories.organisation("bureau")))

    assert client.post(reverse("reviews:record-transfer", args=[veto.public_id])).status_code == 404
