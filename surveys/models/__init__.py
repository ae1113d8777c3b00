"""The tables of asking. Rows are the queue; constraints here are what makes every sweep safe to run twice."""

from surveys.models.alerts import Alert
from surveys.models.complaints import Complaint, ComplaintRules, ComplaintStep
from surveys.models.conversations import ClosingCard, Contact, Conversation, SecondEntry
from surveys.models.draws import DrawnClient
from surveys.models.messages import Message, MessageEvent, OptOut
from surveys.models.mid_case import MidCasePlan
from surveys.models.organs import LetterBatch, Organ, OrganLetter, OrganName, SignedOpinion
from surveys.models.questionnaires import Choice, Plan, Question, Questionnaire
from surveys.models.recoveries import Escalation, LawyerQuestion, Recovery, RecoveryStep
from surveys.models.responses import Answer, BoundRecord, Response
from surveys.models.sending import Sender, SendingWarning, TextCount
from surveys.models.set_aside import SetAside

__all__ = [
    "Alert",
    "Answer",
    "BoundRecord",
    "Choice",
    "ClosingCard",
    "Complaint",
    "ComplaintRules",
    "ComplaintStep",
    "Contact",
    "Conversation",
    "DrawnClient",
    "Escalation",
    "LawyerQuestion",
    "LetterBatch",
    "Message",
    "MessageEvent",
    "MidCasePlan",
    "OptOut",
    "Organ",
    "OrganLetter",
    "OrganName",
    "Plan",
    "Question",
    "Questionnaire",
    "Recovery",
    "RecoveryStep",
    "Response",
    "SecondEntry",
    "Sender",
    "SendingWarning",
    "SetAside",
    "SignedOpinion",
    "TextCount",
]
