"""One respondent's way through the question that a text can carry: what they said, and what follows."""

from surveys.conversation.machine import ASKING_ONCE_MORE, Outcome, Progress, hear
from surveys.conversation.whose_danger import Whose, whose_danger
from surveys.conversation.withholding import told_of_danger
from surveys.conversation.words import (
    LONGEST_BODY,
    asks_who,
    means_stop,
    money_besides,
    plain,
    rating_in,
    says_more,
    staff_matter,
    tells_of_own_people,
)

__all__ = [
    "ASKING_ONCE_MORE", "LONGEST_BODY", "Outcome", "Progress", "Whose", "asks_who", "hear", "means_stop",
    "money_besides", "plain", "rating_in", "says_more", "staff_matter", "tells_of_own_people",
    "told_of_danger", "whose_danger",
]  # fmt: skip
