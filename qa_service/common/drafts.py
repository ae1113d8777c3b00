"""What all that is written as a draft and published in versions shares: its refusals, and which revision was read."""

from django.http import HttpRequest

from qa_service.common.errors import Conflict, InvalidInput

LONGEST_NUMBER = 9


class DraftExists(Conflict):
    """Somebody is writing the next version already: one goes on with that one."""

    code = "draft_exists"


class DraftChanged(Conflict):
    """Somebody else has changed the draft since it was read."""

    code = "draft_changed"


class NotADraft(Conflict):
    code = "not_a_draft"


class DayPassed(InvalidInput):
    code = "day_passed"


def revision_in(request: HttpRequest) -> int:
    """The revision of the draft that the page showed; what is no number is an older one than any."""
    return number_typed(request.POST.get("revision", ""))


def number_typed(given: str) -> int:
    """Which version or revision a form says it was loaded from; -1, which nothing has, where it is no such number."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER else -1
