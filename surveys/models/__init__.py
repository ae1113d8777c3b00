"""The tables of asking. Rows are the queue; constraints here are what makes every sweep safe to run twice."""

from surveys.models.alerts import Alert
from surveys.models.conversations import Contact, Conversation
from surveys.models.messages import Message, MessageEvent, OptOut
from surveys.models.questionnaires import Choice, Plan, Question, Questionnaire
from surveys.models.responses import Answer, Response

__all__ = [
    "Alert",
    "Answer",
    "Choice",
    "Contact",
    "Conversation",
    "Message",
    "MessageEvent",
    "OptOut",
    "Plan",
    "Question",
    "Questionnaire",
    "Response",
]
