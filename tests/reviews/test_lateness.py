"""A file that came late for an accepted reason counts as in time; a named person accepts it, and may take it back."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case, EvidenceChange
from qa_service.common.errors import InvalidInput
from reviews.models import AcceptedLateness
from reviews.queries.lateness import accepted_lateness, late_files
from reviews.services.assignments import NotTheirsToGive
from reviews.services.lateness import LatenessAccepted, NotLate, accept_lateness, take_back_lateness
from scoring.calculation import weigh_case
from scoring.queries.evidence import gathered
from scoring.queries.schemes import published_schemes, rules_by
from scoring.services.schemes import publish_default_scheme
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import manager

pytestmark = pytest.mark.django_db
WHY = "受援人住院，委托手续补签后方可归档。"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def late_case() -> Case:
    """Closed on 1 August, handed in on 1 November: 92 days."""
    return factories.case(factories.centre(), closed_on=date(2026, 8, 1), filed_on=date(2026, 11, 1))


def time_limits(case: Case) -> object:
    """What the source comes to."""
    (found,) = gathered([case.pk], schemes=published_schemes(), now=NOW)
    (line,) = [
        each for each in weigh_case(found.evidence, rules_by(found.scheme)).lines if each.source == "time_limits"
    ]
    return line.value


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_accepted_reason_makes_a_late_file_count_as_in_time_and_taken_back_no_more() -> None:
    case = late_case()
    person = manager(case.centre)
    publish_default_scheme(now=NOW)

    def weighed() -> object:
        return time_limits(case)

    assert weighed() == 0
    accept_lateness(case=case, reason=WHY, user=person, now=NOW)
    assert weighed() == 100
    take_back_lateness(case=case, reason="理由不属实。", user=person, now=NOW)
    assert weighed() == 0
    assert set(Entry.objects.filter(actor_label=str(person)).values_list("action", flat=True)) >= {
        "reviews.lateness_accepted",
        "reviews.lateness_taken_back",
    }


def test_the_case_is_weighed_anew_when_a_reason_is_accepted_and_when_it_is_taken_back() -> None:
    case = late_case()
    for act in (accept_lateness, take_back_lateness):
        EvidenceChange.objects.all().delete()
        act(case=case, reason=WHY, user=manager(case.centre), now=NOW)
        assert EvidenceChange.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    ("days", "value", "late"), [(70, 100, False), (90, 100, False), (91, 50, True), (121, 0, True)]
)
def test_one_limit_of_the_centre_says_what_is_late_and_what_it_weighs(days: int, value: int, late: bool) -> None:
    publish_default_scheme(now=NOW)
    closed = date(2026, 7, 1)
    centre = factories.centre(settings={"filing_limit_days": 90})
    case = factories.case(centre, closed_on=closed, filed_on=closed + timedelta(days=days))

    assert time_limits(case) == value
    assert bool(late_files(manager(centre), now=NOW)) == late


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_without_a_reason_that_fits_nothing_is_excused(reason: str) -> None:
    case = late_case()

    with pytest.raises(InvalidInput):
        accept_lateness(case=case, reason=reason, user=manager(case.centre), now=NOW)

    assert accepted_lateness([case.pk]) == frozenset()


def test_a_file_in_time_has_nothing_to_excuse_and_one_reason_is_enough() -> None:
    in_time, case = factories.case(factories.centre()), late_case()
    accept_lateness(case=case, reason=WHY, user=manager(case.centre), now=NOW)

    with pytest.raises(NotLate):
        accept_lateness(case=in_time, reason=WHY, user=manager(in_time.centre), now=NOW)
    with pytest.raises(LatenessAccepted):
        accept_lateness(case=case, reason=WHY, user=manager(case.centre), now=NOW)


def test_who_has_a_tie_to_the_lawyer_excuses_nothing_and_takes_nothing_back() -> None:
    case = late_case()
    colleague = factories.user(Role.MANAGER, at=case.centre, of=factories.lawyer(case.firm))

    with pytest.raises(NotTheirsToGive):
        accept_lateness(case=case, reason=WHY, user=colleague, now=NOW)
    assert late_files(colleague, now=NOW) == []
    accept_lateness(case=case, reason=WHY, user=manager(case.centre), now=NOW)
    with pytest.raises(NotTheirsToGive):
        take_back_lateness(case=case, reason=WHY, user=colleague, now=NOW)


def test_the_reason_is_never_changed() -> None:
    case = late_case()
    accept_lateness(case=case, reason=WHY, user=manager(case.centre), now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_acceptedlateness SET reason = 'x'")


def test_the_page_lists_late_files_and_takes_the_reason() -> None:
    case = late_case()
    factories.case(case.centre, number="临法援〔2026〕民字第9001号")  # in time
    pages = browser(manager(case.centre))
    accept, take_back = (
        reverse(f"reviews:{name}", args=[case.public_id]) for name in ("accept-lateness", "take-back-lateness")
    )

    listed = pages.get(reverse("reviews:late-files")).content.decode()
    too_long = pages.post(accept, {"reason": "长" * 501})
    pages.post(accept, {"reason": WHY})
    shown = pages.get(reverse("reviews:late-files")).content.decode()
    pages.post(take_back, {"reason": "理由不属实。"})

    assert (case.number in listed, "9001" in listed) == (True, False)
    assert (too_long.status_code, "长长" in too_long.content.decode()) == (422, True)
    assert WHY in shown
    assert AcceptedLateness.objects.get().withdrawal_reason == "理由不属实。"


def test_a_program_accepts_and_takes_back_within_its_reach() -> None:
    case = late_case()
    program, stranger = browser(manager(case.centre)), browser(manager(factories.centre()))
    door = reverse("api-accepted-lateness", args=[case.public_id])

    hidden = stranger.post(door, {"reason": WHY}, content_type="application/json")
    accepted = program.post(door, {"reason": WHY}, content_type="application/json")
    again = program.post(door, {"reason": WHY}, content_type="application/json")
    take_back = reverse("api-lateness-taken-back", args=[case.public_id])
    taken = program.post(take_back, {"reason": "理由不属实。"}, content_type="application/json")

    assert (hidden.status_code, accepted.status_code, again.status_code, taken.status_code) == (404, 201, 409, 200)
    assert accepted.json()["reason"] == WHY
    assert AcceptedLateness.objects.get().withdrawal_reason == "理由不属实。"


def test_a_file_is_listed_from_the_first_day_over_its_centre_s_limit() -> None:
    centre = factories.centre(settings={"filing_limit_days": 30})
    factories.centre(settings={"filing_limit_days": 60})
    closed_on = date(2026, 8, 1)
    for days in (0, 29, 30, 31, 45):
        factories.case(centre, closed_on=closed_on, filed_on=closed_on + timedelta(days=days))
    factories.case(centre, closed_on=closed_on, judgment_received_on=date(2026, 8, 15), filed_on=date(2026, 9, 14))
    factories.case(centre, closed_on=NOW.date() - timedelta(days=30), filed_on=None)
    factories.case(centre, closed_on=NOW.date() - timedelta(days=31), filed_on=None)

    listed = [days for _case, days, _reason in late_files(manager(centre), now=NOW)]

    assert listed == [15, 1, 1]
