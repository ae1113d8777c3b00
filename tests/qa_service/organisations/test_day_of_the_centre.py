"""It is Thursday 19 November at the centre and Friday 20 where the service's clock stands: the centre's day counts."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.errors import InvalidInput
from qa_service.common.periods import Period
from qa_service.organisations.models import CentreSettings
from qa_service.privacy.models import PersonRequest
from qa_service.privacy.queries.requests import waiting_for as requests_waiting_for
from reviews.enums import Rule
from reviews.models import Assignment
from reviews.queries.sampling import LATE_BY_DAYS, frame_of
from reviews.queries.work import waiting_for as waiting_in_review
from reviews.services.objections import lodge_objection
from reviews.services.vetoes import mark_veto
from scoring.enums import RuleCode
from scoring.models import CaseScore, ClientVoiceBatch, CorrectiveTask
from scoring.queries.proposals import scores_to_consider, steps
from scoring.queries.proposals.facts import CONSIDERED_FOR
from scoring.queries.voice import voice_of_firm
from scoring.queries.work import waiting_decisions
from surveys import services
from surveys.enums import Channel, ConsentWay, Ground, Received, RecoveryAct, Respondent
from surveys.models import Alert, Complaint
from surveys.queries.telephone import Chosen, When, telephone_list
from surveys.queries.waiting import waiting_for
from surveys.services.matters.escalation import escalate
from tests import factories
from tests.factories import NOW
from tests.qa_service.privacy.asking_person import asks, boss_of
from tests.reviews import factories as reviews
from tests.scoring import deciding
from tests.surveys.faces.rows import asked
from tests.surveys.organs import rows as organs
from tests.surveys.recovering import Office, office, unhappy, until

pytestmark = pytest.mark.django_db
ZONE = "America/Los_Angeles"
THERE, HERE = date(2026, 11, 19), date(2026, 11, 20)
LATER = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def page(user: User, name: str, *args: Any, **query: str) -> str:
    browser = Client()
    browser.force_login(user)
    return browser.get(reverse(name, args=args), query).content.decode()


# --- what is late ----------------------------------------------------------------------------------------------------
def complaint(place: Office, due: date | None = None, **fields: Any) -> Complaint:
    given: dict[str, Any] = {
        "centre": place.centre, "ground": Ground.STANDARD, "respondent": Respondent.LAWYER, "facts": "没有见过律师。",
        "received_on": THERE, "received_by": Received.VISIT, "complainant_name": "张三",
    }  # fmt: skip
    now = fields.pop("now", NOW)
    found = services.register_complaint(user=place.supervisor, grievance=services.Grievance(**given | fields), now=now)
    if due:
        Complaint.objects.update(due_on=due)
    return found


def matter(place: Office, due: date) -> Alert:
    found = unhappy(place)
    Alert.objects.filter(pk=found.pk).update(acknowledge_by=due, contact_by=LATER, settle_by=LATER)
    return found


def complaint_in_the_register(due: date) -> bool:
    place = office(time_zone=ZONE)
    complaint(place, due)
    return "text-danger fw-bold" in page(place.supervisor, "surveys:complaints")


def complaint_among_the_late(due: date) -> bool:
    place = office(time_zone=ZONE)
    return complaint(place, due).label in page(place.supervisor, "surveys:complaints", state="late")


def complaint_on_its_page(due: date) -> bool:
    place = office(time_zone=ZONE)
    return "text-danger fw-bold" in page(place.supervisor, "surveys:complaint", complaint(place, due).public_id)


def complaint_on_the_home(due: date) -> bool:
    place = office(time_zone=ZONE)
    complaint(place, due)
    return any(block.urgent for block in waiting_for(place.supervisor, NOW))


def complaint_told_of(due: date) -> bool:
    complaint(office(time_zone=ZONE), due)
    return escalate(now=NOW).to_bureau == 1


def matter_in_the_list(due: date) -> bool:
    place = office(time_zone=ZONE)
    matter(place, due)
    return "text-danger fw-bold" in page(place.manager, "surveys:alerts")


def matter_among_the_late(due: date) -> bool:
    place = office(time_zone=ZONE)
    number = matter(place, due).case.number
    return number in page(place.manager, "surveys:alerts", show="late")


def matter_on_its_page(due: date) -> bool:
    place = office(time_zone=ZONE)
    return 'class="text-danger"' in page(place.manager, "surveys:alert", matter(place, due).public_id)


def file_to_read(due: date) -> Assignment:
    row = reviews.assignment(factories.case(factories.centre(settings={"time_zone": ZONE})))
    Assignment.objects.update(due_on=due)
    return row


def file_in_the_reader_s_list(due: date) -> bool:
    return 'class="text-danger"' in page(User.objects.get(pk=file_to_read(due).reviewer_id), "reviews:my-reviews")


def file_in_the_manager_s_list(due: date) -> bool:
    return 'class="text-danger"' in page(reviews.manager(file_to_read(due).case.centre), "reviews:assignments")


def file_on_the_home(due: date) -> bool:
    reader = User.objects.get(pk=file_to_read(due).reviewer_id)
    return any(block.urgent for block in waiting_in_review(reader, NOW))


def as_long_after(frozen: date | None, due: date) -> time_machine.travel:
    """The database lets nobody move this day, so the clock is moved: as far behind it as NOW lies behind `due`."""
    assert frozen is not None
    return time_machine.travel(NOW + (frozen - due), tick=False)


def objection_in_the_list(due: date) -> bool:
    case = factories.case(factories.centre(settings={"time_zone": ZONE}))
    result, lawyer = reviews.released(case), reviews.account_of(case.lawyer)
    objection = lodge_objection(result=result, items=["C2"], statement="不服", user=lawyer, now=NOW)
    with as_long_after(objection.decide_by, due):
        return 'class="text-danger"' in page(reviews.manager(case.centre), "reviews:objections")


def veto_open_to_decision(due: date) -> bool:
    """Nobody answered: it is decided when the time to answer is over."""
    row = reviews.assignment(factories.case(factories.centre(settings={"time_zone": ZONE})))
    reviews.account_of(row.case.lawyer)
    reader = User.objects.get(pk=row.reviewer_id)
    mark = mark_veto(review_id=row.review.public_id, code="V9", statement="无代理词", page="目录", user=reader, now=NOW)
    reviews.submitted(row, **reviews.GOOD)
    mark.refresh_from_db()
    decided_at = reverse("reviews:decide-veto", args=[mark.public_id])
    with as_long_after(mark.answer_due_on, due):
        return decided_at in page(reviews.manager(row.case.centre), "reviews:vetoes")


def coached(due: date) -> deciding.Office:
    place, _row = deciding.accepted(RuleCode.S1, deciding.office(time_zone=ZONE))
    CorrectiveTask.objects.update(due_on=due)
    return place


def coaching_on_the_manager_s_home(due: date) -> bool:
    return any(
        block.url.endswith("?state=late") and block.count for block in waiting_decisions(coached(due).manager, NOW)
    )


def coaching_on_the_lawyer_s_home(due: date) -> bool:
    return any(block.urgent and block.count for block in waiting_decisions(coached(due).handler, NOW))


def request_to_answer(due: date) -> User:
    place = factories.centre(settings={"time_zone": ZONE})
    row = asks(factories.case(place).client, received_on=THERE)
    PersonRequest.objects.filter(pk=row.pk).update(received_on=date(2026, 11, 2), due_on=due)
    return boss_of(row.client)


def request_in_the_register(due: date) -> bool:
    return "text-danger fw-bold" in page(request_to_answer(due), "privacy:requests")


def request_on_the_home(due: date) -> bool:
    return any(block.urgent for block in requests_waiting_for(request_to_answer(due), NOW))


@pytest.mark.parametrize(("due", "late"), [(THERE, False), (THERE - timedelta(days=1), True)])
@pytest.mark.parametrize(
    "told_late",
    [
        complaint_in_the_register, complaint_among_the_late, complaint_on_its_page, complaint_on_the_home,
        complaint_told_of, matter_in_the_list, matter_among_the_late, matter_on_its_page, file_in_the_reader_s_list,
        file_in_the_manager_s_list, file_on_the_home, objection_in_the_list, veto_open_to_decision,
        coaching_on_the_manager_s_home, coaching_on_the_lawyer_s_home,
        request_in_the_register, request_on_the_home,
    ],
)  # fmt: skip
@pytest.mark.parametrize("others", [True, False], ids=["beside another zone", "alone"])
def test_a_day_is_past_when_it_is_past_at_the_centre(
    told_late: Callable[[date], bool], due: date, late: bool, others: bool
) -> None:
    if others:
        factories.centre(settings={"time_zone": "Asia/Shanghai"})

    assert told_late(due) is late


def test_a_file_not_handed_in_is_drawn_as_late_when_its_day_is_past_at_the_centre() -> None:
    centre = factories.centre(settings={"time_zone": ZONE})
    limit = timedelta(days=CentreSettings.objects.get(centre=centre).filing_limit_days + LATE_BY_DAYS)
    for days in (0, 1):
        factories.case(centre, filed_on=None, closed_on=THERE - limit - timedelta(days=days))
    reviews.checklists()

    frame = frame_of(centre=centre, period=Period(date(2026, 1, 1), date(2027, 1, 1)), now=NOW)

    assert [Rule.LATE_FILING in case.always for case in sorted(frame, key=lambda case: case.case_id)] == [False, True]


# --- which day is written --------------------------------------------------------------------------------------------
def test_the_steps_of_a_proposal_carry_the_days_of_its_centre() -> None:
    place = deciding.office(time_zone=ZONE)
    _place, row = deciding.proposed(RuleCode.S1, place)

    assert steps(row, today=THERE)[0].day == deciding.MONDAY.date() - timedelta(days=1)


def test_clients_voices_are_dated_by_the_centre_of_the_firm() -> None:
    firm = factories.firm(factories.centre(settings={"time_zone": ZONE}))
    ClientVoiceBatch.objects.create(firm=firm, number=1, n=5, clients=5, mean=80, released_at=NOW)

    assert [batch.released_on for batch in voice_of_firm([firm.pk]).batches] == [THERE]


@pytest.mark.parametrize("others", [True, False], ids=["beside another zone", "alone"])
def test_a_call_promised_for_tomorrow_there_is_not_of_today(others: bool) -> None:
    """23:00 of today at the service, and 7:00 of tomorrow at the centre."""
    if others:
        factories.centre(settings={"time_zone": "Asia/Shanghai"})
    centre = factories.centre(settings={"time_zone": ZONE})
    promised = datetime(2026, 11, 20, 15, tzinfo=UTC)
    row, _key = asked(factories.case(centre), channel=Channel.TELEPHONE, call_back_at=promised)
    clerk = factories.user(Role.FOLLOW_UP, at=centre)

    found = {when: list(telephone_list(user=clerk, now=NOW, chosen=Chosen(when=when))) for when in When}

    assert found == {When.NOW: [], When.TODAY: [], When.LATER: [row], When.ALL: [row]}


def test_letters_leave_on_the_day_of_the_centre() -> None:
    centre = organs.asking_centre(time_zone=ZONE)
    unit = organs.organ(centre)
    organs.asked(centre)
    clerk = factories.user(Role.FOLLOW_UP, at=centre)
    batch = services.make_batch(user=clerk, organ=unit, now=NOW)

    assert f'value="{THERE}"' in page(clerk, "surveys:organ-batch", batch.public_id)


def test_the_register_in_a_file_is_named_by_the_day_of_its_centre() -> None:
    place = office(time_zone=ZONE)
    complaint(place)
    browser = Client()
    browser.force_login(place.supervisor)

    assert "20261119" in browser.post(reverse("surveys:complaints-export"))["Content-Disposition"]


def test_figures_of_one_centre_bear_its_time_and_offer_the_quarter_that_has_begun_there() -> None:
    centre = factories.centre(settings={"time_zone": "Pacific/Auckland"})
    clerk = factories.user(Role.FOLLOW_UP, at=centre)

    with time_machine.travel(datetime(2026, 12, 31, 12, tzinfo=UTC), tick=False):
        shown = page(clerk, "surveys:funnel", centre=centre.code)

    assert ("2027-01-01 01:00" in shown, 'value="2027-Q1"' in shown) == (True, True)


def test_a_rule_looks_back_by_the_days_of_the_centre() -> None:
    """An hour more than its time after the release: the last day there, and one too late at the service."""
    deciding.proposed(RuleCode.S1, deciding.office(time_zone=ZONE))
    score = CaseScore.objects.current().get()

    found = scores_to_consider(now=score.computed_at + CONSIDERED_FOR + timedelta(hours=1))

    assert list(found) == [score]


def test_pages_begin_with_the_day_of_the_centre() -> None:
    place = deciding.office(time_zone=ZONE)

    assert f'value="{THERE}"' in page(place.manager, "reviews:draw")
    assert f'value="{THERE}"' in page(place.manager, "surveys:complaint-new")
    assert f"{THERE}" in page(place.handler, "scoring:my-results")


def test_a_complaint_is_received_at_the_latest_on_the_day_of_its_centre() -> None:
    place = office(time_zone=ZONE)

    with pytest.raises(InvalidInput):
        complaint(place, received_on=HERE)


def test_consent_is_given_at_the_latest_on_the_day_of_the_centre_and_the_complaint_received_on_it() -> None:
    place = office(time_zone=ZONE)
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)

    def convert(on: date) -> Complaint:
        consent = services.Consent(on=on, by=ConsentWay.TELEPHONE, ground=Ground.STANDARD, facts="没有见过律师。")
        return services.convert_to_complaint(user=place.staff, alert=alert, consent=consent, now=NOW)

    with pytest.raises(InvalidInput):
        convert(HERE)
    assert convert(THERE).received_on == THERE


def test_a_register_begins_each_year_once_though_its_centres_enter_it_at_different_hours() -> None:
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # 2027 in Shanghai
    west = office(time_zone=ZONE)
    east = factories.centre(west.bureau)

    labels = [complaint(west, centre=centre, now=new_year).label for centre in (west.centre, east, west.centre)]

    assert labels == ["法援投〔2026〕1号", "法援投〔2027〕1号", "法援投〔2027〕2号"]
