"""The client answers themself where somebody else had answered for them: theirs counts, the other is kept beside."""

from datetime import datetime

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.services import evidence_changed
from surveys.enums import Answerer, Mode
from surveys.models import BoundRecord, Conversation, Response
from surveys.queries.forms import answers_of
from surveys.services.answering.beside import lay_beside


def make_room(conversation: Conversation, response: Response | None, *, actor: Actor, now: datetime) -> Response | None:
    """What stands and is the client's own, or of who may answer for them; nothing where it was somebody else's.

    That is no mark of theirs in any figure, so it does not stand in the way of one: it goes beside as it was keyed in,
    by whom and when. The caller holds the conversation.
    """
    if response is None or not response.is_by_another:
        return response
    said = {code: (answer.value, answer.text) for code, answer in answers_of(response).items()}
    lay_beside(
        conversation=conversation,
        said=said,
        mode=Mode(response.mode),
        answerer=Answerer.OTHER,
        user=response.entered_by,
        now=response.finished_at or response.started_at,
    )
    record(actor=actor, action="surveys.own_answer_counts", subject=response, at=now)
    BoundRecord.objects.filter(response=response).delete()
    response.answers.all().delete()
    response.delete()
    evidence_changed(conversation.case_id)
    return None
