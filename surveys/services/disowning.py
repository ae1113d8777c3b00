"""A mark that came by text from somebody who then says that the text was not for them: it is not the client's."""

from datetime import datetime

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.services import evidence_changed
from surveys.enums import Answerer, ConversationState, Mode
from surveys.models import Conversation, Response


def disown(conversation: Conversation, response: Response | None, *, actor: Actor, now: datetime) -> None:
    """Keep the mark as somebody else's, and ask the client still. The caller saves the conversation.

    What was answered on the form stays: who went through it had said that they are the client.
    """
    if response is None or response.mode != Mode.SMS or response.receipt or response.answerer != Answerer.CLIENT:
        return
    response.answerer, response.updated_at = Answerer.OTHER, now
    response.save(update_fields=["answerer", "updated_at"])
    if conversation.state == ConversationState.FINISHED and now < conversation.closes_at:
        conversation.state, conversation.finished_at = ConversationState.AWAITING, None
    evidence_changed(conversation.case_id)
    # On the answer's own record: that of the case would tell its lawyer that somebody had answered.
    record(actor=actor, action="surveys.disowned", subject=response, at=now)
