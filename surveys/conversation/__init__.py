"""One respondent's way through the question that a text can carry: what they said, and what follows."""

from surveys.conversation.machine import Outcome, Progress, hear
from surveys.conversation.words import LONGEST_BODY, means_stop, plain, rating_in, staff_matter

__all__ = ["LONGEST_BODY", "Outcome", "Progress", "hear", "means_stop", "plain", "rating_in", "staff_matter"]
