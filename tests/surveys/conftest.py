from collections.abc import Iterator

import pytest

from surveys.sms import memory


@pytest.fixture(autouse=True)
def gateway() -> Iterator[memory.Memory]:
    """The memory gateway, empty and able to do everything."""
    yield memory.reset()
    memory.reset()
