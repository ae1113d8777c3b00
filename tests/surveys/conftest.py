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
        for name, value in fake.IN_USE.items():
            setattr(settings, name, value)
        settings.TWILIO_API_BASE_URL = running.address
        twilio._client.cache_clear()
        yield running
        twilio._client.cache_clear()
