from collections.abc import Iterator
from typing import Any

import pytest

from surveys.sms import memory, twilio
from tests.factories import NOW
from tests.fakes import twilio as fake


@pytest.fixture(autouse=True)
def gateway() -> Iterator[memory.Memory]:
    """The memory gateway, empty and able to do everything."""
    yield memory.reset()
    memory.reset()


@pytest.fixture
def provider(settings: Any) -> Iterator[fake.Fake]:
    """The fake provider, reached by the official client over HTTP; the clock of both stands at NOW."""
    with fake.running() as running:
        running.clock = lambda: NOW
        settings.SMS_GATEWAY = "twilio"
        settings.TWILIO_ACCOUNT_SID = fake.ACCOUNT
        settings.TWILIO_AUTH_TOKEN = fake.TOKEN
        settings.TWILIO_MESSAGING_SERVICE_SID = fake.SERVICE
        settings.TWILIO_API_BASE_URL = running.address
        settings.SMS_TIMEOUT_SECONDS = 0.3
        twilio._client.cache_clear()
        yield running
        twilio._client.cache_clear()
