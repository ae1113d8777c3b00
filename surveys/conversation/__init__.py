"""One respondent's way through the question that a text can carry: what they said, and what follows."""

from surveys.conversation.machine import ASKING_ONCE_MORE, Outcome, Progress, hear
from surveys.conversation.words import LONGEST_BODY, means_stop, plain, rating_in, staff_matter

__all__ = [
    "ASKING_ONCE_MORE", "LONGEST_BODY", "Outcome", "Progress", "hear", "means_stop", "plain", "rating_in",
    "staff_matter",
]  # fmt: skip
