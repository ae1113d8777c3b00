"""What every room says of the personal data it keeps; read here, and nowhere told back to them."""

from functools import cache
from typing import Final

from qa_service.accounts.retention import KEEPING as ACCOUNTS
from qa_service.audit.retention import KEEPING as AUDIT
from qa_service.cases.retention import KEEPING as CASES
from qa_service.common.keeping import Hold, Keeping, Rule
from qa_service.files.retention import KEEPING as FILES
from qa_service.notifications.retention import KEEPING as NOTIFICATIONS
from qa_service.organisations.retention import KEEPING as ORGANISATIONS
from qa_service.privacy.retention import KEEPING as PRIVACY
from reviews.retention import KEEPING as REVIEWS
from scoring.retention import KEEPING as SCORING
from surveys.retention import KEEPING as SURVEYS

# In the order of the page. Within a night, what hangs on a client is erased before the client.
ROOMS: Final[tuple[Keeping, ...]] = (
    SURVEYS, REVIEWS, SCORING, CASES, PRIVACY, AUDIT, NOTIFICATIONS, ACCOUNTS, ORGANISATIONS, FILES,
)  # fmt: skip
RULES: Final[tuple[Rule, ...]] = tuple(rule for room in ROOMS for rule in room.rules)
HOLDS: Final[tuple[Hold, ...]] = tuple(hold for room in ROOMS for hold in room.holds)


@cache
def rules_by_key() -> dict[str, Rule]:
    return {rule.key: rule for rule in RULES}


def is_local(rule: Rule) -> bool:
    """Whether a centre may set the term: what belongs to no centre has one term for the whole service."""
    return rule.term is not None and not rule.term.fixed and all(part.place for part in rule.parts)
