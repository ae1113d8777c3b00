"""Words of settled texts go at the provider too: when they are old enough, and as soon as they were erased here."""

from datetime import timedelta

import pytest

from surveys import services, tasks
from surveys.enums import MessageState
from surveys.models import Message
from surveys.services.delivering.redaction import Blanked
from tests.factories import NOW
from tests.fakes.scripted import Scripted
from tests.fakes.twilio import Fake, problem
from tests.surveys.core.test_catching_up import HONG_KONG, conversation_abroad

pytestmark = pytest.mark.django_db
LONG_AFTER = NOW + timedelta(days=91)


@pytest.fixture
def sent(provider: Fake, settings) -> Message:
    """A text that arrived, and an answer to it."""
    settings.BLANK_AT_PROVIDER_AFTER_DAYS = 90
    conversation_abroad()
    provider.messages[0].status = "delivered"
    kept = provider.receive(sender=HONG_KONG, body="他打我")
    services.receive_text(gateway="twilio", sid=kept.sid, sender=HONG_KONG, body="他打我", now=NOW)
    Message.objects.filter(direction="out").update(state=MessageState.DELIVERED, lease_until=None)
    return Message.objects.get(sid=provider.messages[0].sid)


def bodies(provider: Fake) -> list[str]:
    return [kept.body for kept in provider.messages]


def test_after_the_days_no_words_stand_there_and_the_rest_does(sent, provider):
    assert services.blank_at_provider(now=NOW + timedelta(days=89)).blanked == 0
    assert all(bodies(provider))

    assert services.blank_at_provider(now=LONG_AFTER).blanked == 2
    assert bodies(provider) == ["", ""]
    assert [kept.status for kept in provider.messages] == ["delivered", "received"]
    assert services.blank_at_provider(now=LONG_AFTER) == services.blank_at_provider(now=LONG_AFTER)
    assert Message.objects.filter(blanked_at=None, sid__isnull=False).count() == 0


def test_what_was_erased_here_goes_there_at_once(sent, provider):
    Message.objects.filter(pk=sent.pk).update(body="", phone="", phone_index="")

    assert services.blank_at_provider(now=NOW).blanked == 1
    assert bodies(provider) == ["", "他打我"]


def test_words_whose_outcome_is_unclear_are_left_to_be_compared(sent, provider):
    Message.objects.filter(pk=sent.pk).update(state=MessageState.UNKNOWN)

    services.blank_at_provider(now=LONG_AFTER)
    assert provider.messages[0].body != ""


def test_unless_it_is_switched_on_nothing_is_asked_of_the_provider(sent, provider, settings):
    settings.BLANK_AT_PROVIDER_AFTER_DAYS = 0

    tasks.blank_at_provider()
    assert services.blank_at_provider(now=LONG_AFTER).blanked == 0
    assert all(bodies(provider))


def test_a_text_that_the_provider_does_not_hold_any_more_is_as_good_as_blanked(sent, provider):
    del provider.messages[0]

    assert services.blank_at_provider(now=LONG_AFTER) == Blanked(blanked=2, failed=0)


def test_one_that_is_refused_keeps_out_no_other_and_is_tried_again(sent, provider):
    provider.messages[0].status = "sending"

    assert services.blank_at_provider(now=LONG_AFTER) == Blanked(blanked=1, failed=1)
    provider.messages[0].status = "delivered"
    assert services.blank_at_provider(now=LONG_AFTER).blanked == 1


def test_while_the_provider_is_away_the_sweep_stops_and_goes_on_later(sent, provider):
    provider.next_updates = [Scripted(status=503, body=problem(503, 20503))]

    assert services.blank_at_provider(now=LONG_AFTER) == Blanked(blanked=0, failed=1)
    assert services.blank_at_provider(now=LONG_AFTER).blanked == 2
