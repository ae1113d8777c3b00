"""Acts of asking. Each runs in one transaction; none touches a network save the delivery step."""

from surveys.services.answering.acting import act_on_forms
from surveys.services.answering.afterwards import NothingSpokenOf, StillAsked, note_afterwards
from surveys.services.answering.answers import AnswerInput, InvalidAnswer
from surveys.services.answering.errands import outcomes_of, record_errand
from surveys.services.answering.handset import reply_from_handset
from surveys.services.answering.inbox import Reception, receive_text
from surveys.services.answering.interviews import (
    begin_interview,
    record_call,
    record_interview,
    release_interview,
    reveal_for_call,
)
from surveys.services.answering.papers import print_card, print_form, print_record
from surveys.services.answering.second_entries import keep_second_entry
from surveys.services.answering.waves import Reminded, expire, remind
from surveys.services.answering.web_form import FormOver, record_answer, start_web_response, stop_contact
from surveys.services.contact.calling import NotNow, call_barrier, days_without_calls, may_ring_from
from surveys.services.contact.numbers import NewNumber
from surveys.services.contact.opt_outs import opt_in, opt_out
from surveys.services.contact.stopping import stop_asking
from surveys.services.delivering.catching_up import CaughtUp, catch_up
from surveys.services.delivering.delivery import Group, deliver, deliver_next
from surveys.services.delivering.outcomes import Delivery
from surveys.services.delivering.reconciliation import Reconciled, doubt_what_waits, reconcile_unknown
from surveys.services.delivering.redaction import blank_at_provider
from surveys.services.delivering.statuses import record_status
from surveys.services.delivering.watching import watch_sending
from surveys.services.inviting.invitations import Invited, invite_due
from surveys.services.inviting.mid_case import give_up_overtaken, invite_mid_case
from surveys.services.inviting.mid_case_plans import NoOpenCases, end_mid_case_plan, publish_mid_case_plan
from surveys.services.inviting.refusals import (
    AlreadyAnswered,
    ConversationOver,
    HeldBySomeone,
    full_answer,
    takes_answers,
    takes_calls,
    unanswered,
    ways_left,
)
from surveys.services.inviting.rungs import Fallen, lapse
from surveys.services.matters.clocks import fill_clocks
from surveys.services.matters.complaints import (
    ComplaintInput,
    Grievance,
    is_the_bureaus,
    register_complaint,
    take_complaint_step,
)
from surveys.services.matters.conversion import Consent, convert_to_complaint
from surveys.services.matters.escalation import Escalated, escalate
from surveys.services.matters.findings import register_findings
from surveys.services.matters.lawyer_questions import put_to_lawyer, reply_to_centre, withdraw_question
from surveys.services.matters.recoveries import StepInput, take_step
from surveys.services.organs.asking import AskedOrgans, ask_organs
from surveys.services.organs.opinions import (
    OpinionIncomplete,
    end_asking,
    keep_second_opinion,
    record_opinion,
    save_opinion,
)
from surveys.services.organs.organ_book import OrganInput, add_organ, change_organ
from surveys.services.organs.organ_letters import make_batch, print_batch, print_letter, send_batch
from surveys.services.organs.organ_reminders import Followed, RemindedOrgans, follow_mails, remind_organs
from surveys.services.outgoing.allowances import resume_held
from surveys.services.questionnaires.drafts import (
    begin_draft,
    change_draft,
    discard_draft,
    publish_draft,
    retire,
    use_at,
)
from surveys.services.questionnaires.publishing import publish, publish_defaults

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
    "unanswered",
    "use_at",
    "watch_sending",
    "ways_left",
    "withdraw_question",
]
