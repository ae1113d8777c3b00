"""Days that staff enter from a paper, and days that are counted down to."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def time_left(until: date, *, today: date) -> str:
    """How long a last day is still off, as a person counts: tomorrow is one day; empty once it has passed."""
    days = (until - today).days
    if days < 0:
        return ""
    if days == 0:
        return _("ends today")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
