"""Having done with cases of which nobody is left to ask: a sweep costs what is due, not what there ever was."""

from qa_service.cases.services import settle_surveys
from surveys.queries.due import Come, asked_out

# So many cases are held at once, and so many portions taken by one sweep: those of a register that was there before
# the marks were are done with by and by.
PORTION = 2_000
PORTIONS = 5


def settle_due(*, come: Come) -> int:
    """Mark what is done with; returns how many cases. Idempotent: what another sweep holds is left to it."""
    settled = 0
    for _portion in range(PORTIONS):
        marked = settle_surveys(cases=asked_out(come=come), limit=PORTION, now=come.now)
        settled += marked
        if marked < PORTION:
            break
    return settled
