"""Acts of asking. Each runs in one transaction; none touches a network save the delivery step."""

from surveys.services.afterwards import NothingSpokenOf, StillAsked, note_afterwards
from surveys.services.allowances import resume_held
from surveys.services.answers import AnswerInput, InvalidAnswer
from surveys.services.calling import NotNow, call_barrier, days_without_calls, may_ring_from
from surveys.services.catching_up import CaughtUp, catch_up
from surveys.services.clocks import fill_clocks
from surveys.services.complaints import (
    ComplaintInput,
    Grievance,
    is_the_bureaus,
    register_complaint,
    take_complaint_step,
)
from surveys.services.conversion import Consent, convert_to_complaint
from surveys.services.delivery import Group, deliver, deliver_next
from surveys.services.drafts import begin_draft, change_draft, discard_draft, publish_draft, retire, use_at
from surveys.services.errands import outcomes_of, record_errand
from surveys.services.escalation import Escalated, escalate
from surveys.services.findings import register_findings
from surveys.services.handset import reply_from_handset
from surveys.services.inbox import Reception, receive_text
from surveys.services.interviews import (
    begin_interview,
    record_call,
    record_interview,
    release_interview,
    reveal_for_call,
)
from surveys.services.invitations import Invited, invite_due
from surveys.services.lawyer_questions import put_to_lawyer, reply_to_centre, withdraw_question
from surveys.services.matters import act_on_forms
from surveys.services.mid_case import give_up_overtaken, invite_mid_case
from surveys.services.mid_case_plans import NoOpenCases, end_mid_case_plan, publish_mid_case_plan
from surveys.services.numbers import NewNumber
from surveys.services.opinions import OpinionIncomplete, end_asking, keep_second_opinion, record_opinion, save_opinion
from surveys.services.opt_outs import opt_in, opt_out
from surveys.services.organ_book import OrganInput, add_organ, change_organ
from surveys.services.organ_letters import make_batch, print_batch, print_letter, send_batch
from surveys.services.organ_reminders import Followed, RemindedOrgans, follow_mails, remind_organs
from surveys.services.organs import AskedOrgans, ask_organs
from surveys.services.outcomes import Delivery
from surveys.services.papers import print_card, print_form, print_record
from surveys.services.questionnaires import publish, publish_defaults
from surveys.services.reconciliation import Reconciled, doubt_what_waits, reconcile_unknown
from surveys.services.recoveries import StepInput, take_step
from surveys.services.redaction import blank_at_provider
from surveys.services.refusals import (
    AlreadyAnswered,
    ConversationOver,
    HeldBySomeone,
    full_answer,
    takes_answers,
    takes_calls,
)
from surveys.services.rungs import Fallen, lapse
from surveys.services.second_entries import keep_second_entry
from surveys.services.statuses import record_status
from surveys.services.stopping import stop_asking
from surveys.services.watching import watch_sending
from surveys.services.waves import Reminded, expire, remind
from surveys.services.web_form import FormOver, record_answer, start_web_response, stop_contact

__all__ = [
    "AlreadyAnswered",
    "AnswerInput",
    "AskedOrgans",
    "CaughtUp",
    "ComplaintInput",
    "Consent",
    "ConversationOver",
    "Delivery",
    "Escalated",
    "Fallen",
    "Followed",
    "FormOver",
    "Grievance",
    "Group",
    "HeldBySomeone",
    "InvalidAnswer",
    "Invited",
    "NewNumber",
    "NoOpenCases",
    "NotNow",
    "NothingSpokenOf",
    "OpinionIncomplete",
    "OrganInput",
    "Reception",
    "Reconciled",
    "Reminded",
    "RemindedOrgans",
    "StepInput",
    "StillAsked",
    "act_on_forms",
    "add_organ",
    "ask_organs",
    "begin_draft",
    "begin_interview",
    "blank_at_provider",
    "call_barrier",
    "catch_up",
    "change_draft",
    "change_organ",
    "convert_to_complaint",
    "days_without_calls",
    "deliver",
    "deliver_next",
    "discard_draft",
    "doubt_what_waits",
    "end_asking",
    "end_mid_case_plan",
    "escalate",
    "expire",
    "fill_clocks",
    "follow_mails",
    "full_answer",
    "give_up_overtaken",
    "invite_due",
    "invite_mid_case",
    "is_the_bureaus",
    "keep_second_entry",
    "keep_second_opinion",
    "lapse",
    "make_batch",
    "may_ring_from",
    "note_afterwards",
    "opt_in",
    "opt_out",
    "outcomes_of",
    "print_batch",
    "print_card",
    "print_form",
    "print_letter",
    "print_record",
    "publish",
    "publish_defaults",
    "publish_draft",
    "publish_mid_case_plan",
    "put_to_lawyer",
    "receive_text",
    "reconcile_unknown",
    "record_answer",
    "record_call",
    "record_errand",
    "record_interview",
    "record_opinion",
    "record_status",
    "register_complaint",
    "register_findings",
    "release_interview",
    "remind",
    "remind_organs",
    "reply_from_handset",
    "reply_to_centre",
    "resume_held",
    "retire",
    "reveal_for_call",
    "save_opinion",
    "send_batch",
    "start_web_response",
    "stop_asking",
    "stop_contact",
    "take_complaint_step",
    "take_step",
    "takes_answers",
    "takes_calls",
    "use_at",
    "watch_sending",
    "withdraw_question",
]
