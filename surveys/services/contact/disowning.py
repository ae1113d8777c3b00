"""What came from a telephone whose holder then says that the text was not for them: it is not the client's."""

from datetime import datetime

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.enums import FlagKind
from qa_service.cases.services import clear_risk_flag, evidence_changed
from surveys.enums import AlertKind, AlertState, ConversationState, Mode
from surveys.models import Alert, Conversation, Response

# What a conversation on which they answered goes back to waiting from.
ANSWERED = (ConversationState.STARTED, ConversationState.FINISHED)
# What of it is written here; the caller saves.
DISOWNED = ("state", "finished_at", "first_opened_at")


def disown(conversation: Conversation, response: Response | None, *, actor: Actor, now: datetime) -> None:
    """Take their answers away, so that the client is asked everything anew; their texts stay in the log.

    A form that was sent stays: who went through it had said that they are the client. A matter that a bad mark opened
    is left to the staff, who ring the client in any case; the case is no risk for it any more.
    """
    if response is None or response.receipt or response.mode not in (Mode.SMS, Mode.WEB):
        return
    # On the answer's own record: that of the case would tell its lawyer that somebody had answered.
    record(actor=actor, action="surveys.disowned", subject=response, at=now)
    conversation.second_entries.filter(entered_by=None).delete()
    response.answers.all().delete()
    response.delete()
    conversation.first_opened_at = None
    if conversation.state in ANSWERED and now < conversation.closes_at:
        conversation.state, conversation.finished_at = ConversationState.AWAITING, None
    unhappy = Alert.objects.filter(case_id=conversation.case_id, kind=AlertKind.RECOVERY)
    if not unhappy.exclude(conversation=conversation).exclude(state=AlertState.CLOSED).exists():
        clear_risk_flag(case_id=conversation.case_id, kind=FlagKind.BAD_RATING, actor=actor, now=now)
    evidence_changed(conversation.case_id)
