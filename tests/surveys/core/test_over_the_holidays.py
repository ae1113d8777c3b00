"""Nine days off: the first text, the reminders and the call keep their distance afterwards."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qa_service.organisations.models import CalendarDay
from surveys import services
from surveys.enums import Channel, ConversationState
from surveys.models import Conversation, Message
from tests import factories
from tests.surveys.factories import case_to_ask, questionnaires

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVE = datetime(2026, 9, 29, 16, tzinfo=UTC)  # midnight in Shanghai, the first day off begins
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin")


def asking_goes_on(days: int) -> None:
    """At midnight and at noon in Shanghai: each place has one of its own hours then, and one outside of them."""
    for hour in range(0, days * 24, 12):
        now = EVE + timedelta(hours=hour)
        services.invite_due(now=now)
        services.remind(now=now)
        while services.deliver_next(now=now):
            pass
        services.expire(now=now)


@pytest.fixture
def _off():
    questionnaires()
    off = [date(2026, 9, 30) + timedelta(days=offset) for offset in range(9)]
    CalendarDay.objects.bulk_create(CalendarDay(day=day, is_workday=False) for day in off)


@pytest.mark.usefixtures("_off")
def test_after_the_holidays_texts_leave_days_apart_and_inside_the_hours():
    cases = {
        zone: case_to_ask(
            closed_on=date(2026, 9, 29),
            survey_released_at=EVE,
            settings={"time_zone": zone, "first_contact_delay_days": 1},
        )
        for zone in ZONES
    }

    asking_goes_on(26)

    for zone, case in cases.items():
        texts = Message.objects.filter(conversation__case=case).order_by("sent_at")
        walls = [text.sent_at.astimezone(ZoneInfo(zone)) for text in texts]
        assert [wall.date() for wall in walls] == [date(2026, 10, 9), date(2026, 10, 12), date(2026, 10, 17)]
        assert all(9 <= wall.hour < 20 for wall in walls)
        row = Conversation.objects.get(case=case)
        assert (row.channel, row.state) == (Channel.TELEPHONE, ConversationState.AWAITING)
        # The telephone list has its ten days, as after any other invitation.
        assert row.closes_at.astimezone(ZoneInfo(zone)).date() == date(2026, 10, 31)


def test_while_the_provider_is_away_nobody_is_reminded_of_what_they_never_got(gateway):
    questionnaires()
    case = case_to_ask()
    services.invite_due(now=factories.NOW)
    reminded = services.remind(now=factories.NOW + timedelta(days=4))

    assert (reminded.by_text, reminded.put_off) == (0, 1)
    assert Message.objects.filter(conversation__case=case).count() == 1
