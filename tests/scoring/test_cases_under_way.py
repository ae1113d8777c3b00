"""A case under way is in no frame: nothing that is drawn, read, asked, weighed, counted or erased knows it.

Each figure is taken of a county with closed cases alone, and again when as many more are under way, by the same
lawyers and for the same clients.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case, Client
from qa_service.cases.queries import awaiting_release, cases_to_ask, staff_cases
from qa_service.cases.services import evidence_changed, release_surveys
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.queries.lateness import late_files
from reviews.queries.previews import handled_by_staff, handled_in
from reviews.queries.sampling import frame_of
from scoring.models import CaseScore
from scoring.queries.reports import rewards_and_sanctions
from scoring.services.scores import rescore_changed
from surveys.models import Conversation
from surveys.queries.due import come_by, turns_due
from surveys.queries.figures.funnel import response_funnel
from surveys.queries.organs import cases_before_organs
from surveys.queries.period import follow_up_of_period
from surveys.services import invite_due
from tests import factories
from tests.factories import NOW
from tests.qa_service.privacy.kept import a_night, midnight
from tests.scoring.factories import scheme
from tests.surveys import factories as asking

pytestmark = pytest.mark.django_db
QUARTER = Period.quarter(2026, 4)
YEARS_LATER = date(2029, 12, 20)


@pytest.fixture
def centre() -> Organisation:
    scheme()
    asking.questionnaires()
    live = {"go_live_on": date(2026, 10, 1), "organs_from": date(2026, 10, 1), "organ_delay_days": 0}
    return factories.centre(settings=live | {"takes_open_cases": True, "first_contact_delay_days": 0})


@pytest.fixture
def manager(centre: Organisation) -> User:
    return factories.user(Role.MANAGER, at=centre)


@pytest.fixture
def closed(centre: Organisation) -> list[Case]:
    late = {"filed_on": None, "closed_on": date(2026, 10, 2)}
    return [factories.case(centre), factories.case(centre, **late), factories.case(centre, survey_released_at=None)]


def put_under_way(closed: list[Case]) -> list[Case]:
    return [
        factories.open_case(
            case.centre, lawyer=case.lawyer, firm=case.firm, client=case.client, recovered_amount=900, people_helped=7
        )
        for case in closed
    ]


FRAMES: dict[str, Callable[[Organisation, User], Any]] = {
    "asked": lambda _centre, _user: [case.pk for case in cases_to_ask(now=NOW)],
    "turns": lambda _centre, _user: [
        (turn.case.pk, turn.client.pk) for turn in turns_due(limit=99, come=come_by(NOW)).turns
    ],
    "awaiting release": lambda _centre, _user: [case.pk for case in awaiting_release()],
    "organs": lambda _centre, _user: [case.pk for case in cases_before_organs(now=NOW)],
    "of staff": lambda _centre, user: [case.pk for case in staff_cases(user)],
    "visible": lambda _centre, user: [case.pk for case in Case.objects.visible_to(user)],
    "sampling": lambda centre, _user: list(frame_of(centre=centre, period=QUARTER, now=NOW)),
    "late files": lambda _centre, user: late_files(user, now=NOW + timedelta(days=40)),
    "report": lambda centre, _user: rewards_and_sanctions(centre=centre, period=QUARTER, label="", now=NOW),
    "funnel": lambda _centre, user: response_funnel(user=user, now=NOW),
    "period": lambda centre, _user: follow_up_of_period(centre_path=centre.path, period=QUARTER),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_a_case_under_way_changes_no(frame: str, centre: Organisation, manager: User, closed: list[Case]):
    before = FRAMES[frame](centre, manager)
    assert before

    put_under_way(closed)

    assert FRAMES[frame](centre, manager) == before


def test_the_lawyer_and_the_firm_see_none_of_theirs(centre: Organisation, closed: list[Case]):
    put_under_way(closed)
    lawyer = factories.user(Role.LAWYER, of=closed[0].lawyer)
    head = factories.user(Role.FIRM, heads=closed[0].firm)

    assert [list(Case.objects.visible_to(person)) for person in (lawyer, head)] == [[closed[0]], [closed[0]]]


def test_who_handles_one_under_way_has_handled_none_of_the_period(centre: Organisation, closed: list[Case]):
    lawyer = factories.lawyer(factories.firm(centre))
    person = factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=lawyer)
    factories.open_case(centre, lawyer=lawyer)

    assert not handled_in(person, centre=centre, period=QUARTER)
    assert not handled_by_staff(centre=centre, period=QUARTER)


def test_none_is_weighed_even_where_something_marked_it(closed: list[Case]):
    under_way = put_under_way(closed)
    evidence_changed([case.pk for case in under_way])

    rescore_changed(now=NOW)

    assert not CaseScore.objects.filter(case__in=under_way).exists()


def test_none_is_released_by_hand(manager: User, closed: list[Case]):
    under_way = put_under_way(closed)

    assert release_surveys(cases=under_way, actor=manager.actor, now=NOW) == 0


def test_the_sweep_asks_about_closed_cases_alone(closed: list[Case]):
    put_under_way(closed)

    invite_due(now=NOW)

    assert set(Conversation.objects.values_list("case", flat=True)) == {closed[0].pk, closed[1].pk}


def test_whoever_has_a_case_under_way_is_not_erased_by_the_clock_of_an_older_one(closed: list[Case]):
    kept = factories.open_case(closed[0].centre, client=closed[0].client, accepted_on=date(2029, 11, 1)).client

    a_night(midnight(YEARS_LATER))

    erased = set(Client.objects.exclude(erased_at=None))
    assert kept not in erased
    assert closed[2].client in erased


def test_a_case_that_no_export_has_named_for_years_holds_nobody_back(closed: list[Case]):
    forgotten = factories.open_case(closed[0].centre, client=closed[0].client, accepted_on=date(2021, 1, 1))

    a_night(midnight(YEARS_LATER))

    forgotten.client.refresh_from_db()
    assert forgotten.client.erased_at is not None
