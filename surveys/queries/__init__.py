"""Reading what was asked and answered. Nothing here writes."""

from surveys.queries.due import due_invitations, plan_for, published_questionnaire
from surveys.queries.errands import errands, errands_by_rung, errands_to_do
from surveys.queries.evidence import ClientAnswers, OrganOpinion, client_answers, organ_opinions
from surveys.queries.forms import (
    Form,
    FormAnswer,
    FormChoice,
    FormQuestion,
    FormState,
    LinkUnknown,
    form,
)
from surveys.queries.funnel import Funnel, response_funnel
from surveys.queries.handset import HandsetMessage, HandsetThread, handset_is_on, handset_messages, handset_threads
from surveys.queries.period import FollowUp, Rating, follow_up_of_period
from surveys.queries.telephone import (
    Chosen,
    When,
    staff_list,
    telephone_conversation,
    telephone_list,
    telephone_selection,
)
from surveys.queries.waiting import waiting_for

__all__ = [
    "Chosen",
    "ClientAnswers",
    "FollowUp",
    "Form",
    "FormAnswer",
    "FormChoice",
    "FormQuestion",
    "FormState",
    "Funnel",
    "HandsetMessage",
    "HandsetThread",
    "LinkUnknown",
    "OrganOpinion",
    "Rating",
    "When",
    "client_answers",
    "due_invitations",
    "errands",
    "errands_by_rung",
    "errands_to_do",
    "follow_up_of_period",
    "form",
    "handset_is_on",
    "handset_messages",
    "handset_threads",
    "organ_opinions",
    "plan_for",
    "published_questionnaire",
    "response_funnel",
    "staff_list",
    "telephone_conversation",
    "telephone_list",
    "telephone_selection",
    "waiting_for",
]
