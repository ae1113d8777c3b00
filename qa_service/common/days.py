"""Days that staff enter from a paper: when it was handed over, when an answer came in."""

from datetime import date
from typing import Any

from qa_service.common.errors import InvalidInput


def required_day(day: date | None, *, first: date, last: date, field: str, missing: Any, outside: Any) -> date:
    """The day itself, which lies from `first` to `last`, both included.

    :raises InvalidInput: `missing` where there is none, `outside` where it lies before or after.
    """
    if day is None:
        raise InvalidInput(missing, field=field)
    if not first <= day <= last:
        raise InvalidInput(outside, field=field)
    return day
