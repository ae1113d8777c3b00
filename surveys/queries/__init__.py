"""Reading what was asked and answered. Nothing here writes."""

from surveys.queries.alerts import cases_with_matters
from surveys.queries.complaint_times import ComplaintTime, complaint_times
from surveys.queries.due import plan_for, published_questionnaire
from surveys.queries.errands import errands, errands_by_rung, errands_to_do
from surveys.queries.evidence import (
    ClientAnswers,
    OrganOpinion,
    asked_organs,
    client_answered,
    client_answers,
    clients_heard,
    organ_answered,
    organ_opinions,
)
from surveys.queries.figures.funnel import reach_beside
from surveys.queries.figures.scope import Choice
from surveys.queries.figures.told import rate_lines
from surveys.queries.forms import (
    Form,
    FormAnswer,
    FormChoice,
    FormQuestion,
    FormState,
    LinkUnknown,
    form,
)
from surveys.queries.handset import HandsetMessage, HandsetThread, handset_is_on, handset_messages, handset_threads
from surveys.queries.period import FollowUp, Rating, follow_up_of_period, quarters_rated, ratings_of_quarter
from surveys.queries.telephone import (
    Chosen,
    When,
    conversation_to_record,
    staff_list,
    telephone_conversation,
    telephone_list,
    telephone_selection,
)
from surveys.queries.upheld import (
    UpheldComplaint,
    bad_ratings_late,
    cases_with_upheld_complaints,
    upheld_against,
)
from surveys.queries.waiting import waiting_for

__all__ = [
    "Choice",
    "Chosen",
    "ClientAnswers",
    "ComplaintTime",
    "FollowUp",
    "Form",
    "FormAnswer",
    "FormChoice",
    "FormQuestion",
    "FormState",
    "HandsetMessage",
    "HandsetThread",
    "LinkUnknown",
    "OrganOpinion",
    "Rating",
    "UpheldComplaint",
    "When",
    "asked_organs",
    "bad_ratings_late",
    "cases_with_matters",
    "cases_with_upheld_complaints",
    "client_answered",
    "client_answers",
    "clients_heard",
    "complaint_times",
    "conversation_to_record",
    "errands",
    "errands_by_rung",
    "errands_to_do",
    "follow_up_of_period",
    "form",
    "handset_is_on",
    "handset_messages",
    "handset_threads",
    "organ_answered",
    "organ_opinions",
    "plan_for",
    "published_questionnaire",
    "quarters_rated",
    "rate_lines",
    "ratings_of_quarter",
    "reach_beside",
    "staff_list",
    "telephone_conversation",
    "telephone_list",
    "telephone_selection",
    "upheld_against",
    "waiting_for",
]
