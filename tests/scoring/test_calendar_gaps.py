"""At the turn of the year the next notice of holidays may be missing: lawyers are heard, appeal, and lose no day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CalendarYear
from scoring.enums import AppealState, Outcome, ProposalState, RuleCode
from scoring.models import Appeal, Proposal, Statement
from scoring.services.appeals import lodge_appeal
from scoring.services.calendar_gaps import close_calendar_gaps
from scoring.services.procedure import NotHeard, ask_for_statement, decide, finish_displays, give_statement
from scoring.wording import STATEMENT_ASKED_OPEN
from tests import factories
from tests.scoring.deciding import DISPLAY_OVER, accepted, heard, issued, proposed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
LATE = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
IMPORTED = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def without_next_year() -> None:
    CalendarYear.objects.filter(year__gt=2026).delete()


def test_a_lawyer_is_asked_and_gets_their_last_day_once_the_calendar_is_there() -> None:
    place, row = proposed(RuleCode.S2)
    without_next_year()

    with time_machine.travel(LATE, tick=False):
        told = ask_for_statement(proposal=row, person=place.manager, now=LATE)
        page = browser(place.handler).get(reverse("scoring:statement", args=[row.public_id]))
        managers = browser(place.manager).get(reverse("scoring:proposal", args=[row.public_id])).content.decode()
        home = browser(place.handler).get(reverse("scoring:my-results")).content.decode()

    assert (told.due_on, page.status_code) == (None, 200)
    assert Notification.objects.get(user=place.handler, url__contains="statements").text == STATEMENT_ASKED_OPEN
    assert "工作日历导入后" in page.content.decode()
    assert "工作日历导入后" in managers
    assert reverse("scoring:statement", args=[row.public_id]) in home
    CalendarYear.objects.create(year=2027)
    assert [close_calendar_gaps(now=IMPORTED), close_calendar_gaps(now=IMPORTED)] == [1, 0]
    assert Statement.objects.get(proposal=row).due_on == date(2027, 1, 11)  # five working days from that day on


def test_before_the_last_day_can_be_counted_nobody_decides_unheard_and_an_answer_is_taken() -> None:
    place, row = proposed(RuleCode.S2)
    without_next_year()
    ask_for_statement(proposal=row, person=place.manager, now=LATE)

    with pytest.raises(NotHeard):
        decide(
            proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=LATE + timedelta(60)
        )

    give_statement(proposal=row, person=place.handler, text="会见过。", now=LATE + timedelta(60))
    decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=LATE + timedelta(60))
    row.refresh_from_db()
    assert row.state == ProposalState.ACCEPTED


def test_an_appeal_is_taken_and_its_answer_is_due_from_the_day_it_was_lodged() -> None:
    place, notice = issued(RuleCode.S2)  # on 15 December: ten working days end with the 29th
    without_next_year()
    another = factories.user(Role.SUPERVISOR, at=place.centre)

    with time_machine.travel(LATE, tick=False):
        assert browser(place.handler).get(reverse("scoring:notice", args=[notice.public_id])).status_code == 200
        lodged = lodge_appeal(notice=notice, person=place.handler, text="不服。", now=LATE)
        shown = browser(another).get(reverse("scoring:notice", args=[notice.public_id])).content.decode()

    assert lodged.due_on is None
    assert "工作日历导入后" in shown
    CalendarYear.objects.create(year=2027)
    assert close_calendar_gaps(now=IMPORTED) == 1
    assert Appeal.objects.get(state=AppealState.LODGED).due_on == date(2027, 1, 19)


def test_a_notice_whose_time_to_appeal_cannot_be_counted_may_be_appealed_against() -> None:
    place, notice = issued(RuleCode.S2)
    CalendarYear.objects.all().delete()

    with time_machine.travel(LATE + timedelta(days=60), tick=False):
        page = browser(place.handler).get(reverse("scoring:notice", args=[notice.public_id])).content.decode()
        lodge_appeal(notice=notice, person=place.handler, text="不服。", now=LATE + timedelta(days=60))

    assert "工作日历导入后" in page


def test_a_decision_that_needs_the_calendar_keeps_the_reasons_typed_and_says_who_mends_it() -> None:
    place, row = heard(RuleCode.S1)
    CalendarYear.objects.all().delete()

    with time_machine.travel(DISPLAY_OVER, tick=False):
        answer = browser(place.manager).post(
            reverse("scoring:decide", args=[row.public_id]), {"outcome": "accept", "reason": "两名评查员意见一致。"}
        )

    page = answer.content.decode()
    assert (answer.status_code, "两名评查员意见一致。" in page, "2026" in page) == (422, True, True)
    assert Proposal.objects.get(pk=row.pk).state == ProposalState.HEARING


def test_a_public_display_ends_with_the_day_of_its_centre() -> None:
    place, _row = accepted(RuleCode.R1)  # on display until the 14th
    settings = place.centre.settings
    settings.time_zone = "Europe/London"
    settings.save()
    early = datetime(2026, 12, 14, 18, 0, tzinfo=UTC)  # the 15th in Shanghai, still the 14th at the centre

    assert finish_displays(now=early) == 0
    assert finish_displays(now=early + timedelta(hours=7)) == 1


def test_the_last_day_to_answer_is_over_when_it_is_over_at_the_centre() -> None:
    place, row = proposed(RuleCode.S2)
    settings = place.centre.settings
    settings.time_zone = "Europe/London"
    settings.save()
    told = ask_for_statement(proposal=row, person=place.manager, now=datetime(2026, 12, 7, 20, 0, tzinfo=UTC))
    last = datetime(2026, 12, 14, 20, 0, tzinfo=UTC)  # already the 15th in Shanghai

    assert told.due_on == date(2026, 12, 14)
    give_statement(proposal=row, person=place.handler, text="会见过。", now=last)
    assert Statement.objects.get(proposal=row).submitted_at == last
