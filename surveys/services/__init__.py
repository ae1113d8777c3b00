"""Acts of asking. Each runs in one transaction; none touches a network save the delivery step."""

from surveys.services.answers import AnswerInput, InvalidAnswer
from surveys.services.catching_up import CaughtUp, catch_up
from surveys.services.delivery import Delivery, deliver_next
from surveys.services.errands import outcomes_of, record_errand
from surveys.services.handset import reply_from_handset
from surveys.services.inbox import Reception, receive_text
from surveys.services.interviews import (
    AlreadyAnswered,
    ConversationOver,
    HeldBySomeone,
    begin_interview,
    record_call,
    record_interview,
    release_interview,
)
from surveys.services.invitations import Invited, invite_due
from surveys.services.opt_outs import opt_in, opt_out
from surveys.services.questionnaires import publish, publish_defaults
from surveys.services.reconciliation import Reconciled, reconcile_unknown
from surveys.services.rungs import Fallen, lapse
from surveys.services.statuses import record_status
from surveys.services.waves import Reminded, expire, remind
from surveys.services.web_form import FormOver, finish_response, record_answer, start_web_response, stop_contact

__all__ = [
    "AlreadyAnswered",
    "AnswerInput",
    "CaughtUp",
    "ConversationOver",
    "Delivery",
    "Fallen",
    "FormOver",
    "HeldBySomeone",
    "InvalidAnswer",
    "Invited",
    "Reception",
    "Reconciled",
    "Reminded",
    "begin_interview",
    "catch_up",
    "deliver_next",
    "expire",
    "finish_response",
    "invite_due",
    "lapse",
    "opt_in",
    "opt_out",
    "outcomes_of",
    "publish",
    "publish_defaults",
    "receive_text",
    "reconcile_unknown",
    "record_answer",
    "record_call",
    "record_errand",
    "record_interview",
    "record_status",
    "release_interview",
    "remind",
    "reply_from_handset",
    "start_web_response",
    "stop_contact",
]
