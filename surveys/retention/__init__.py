"""How long what is asked and answered is kept, and what holds it back."""

from typing import Final

from qa_service.common.keeping import Keeping
from surveys.retention.holds import HOLDS
from surveys.retention.reviewed import WITHOUT
from surveys.retention.rules import ANSWERS, COMPLAINTS, CONVERSATIONS, MATTERS, OPINIONS, STOPPED, TEXTS

KEEPING: Final = Keeping(
    rules=(TEXTS, CONVERSATIONS, ANSWERS, OPINIONS, MATTERS, COMPLAINTS, STOPPED), holds=HOLDS, without=WITHOUT
)
