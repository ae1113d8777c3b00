"""Acting on what clients told a form: the answer is written at once and costs little, what it asks for follows.

What a form was told is never lost by a fault in what follows from it. Texts, and what staff key in, are acted on in the
transaction that writes them.
"""

from datetime import datetime
from functools import partial

from django.db import transaction

from surveys.branching import MONEY
from surveys.enums import AlertKind, QuestionKind, Sweep
from surveys.matters import MONEY_VALUES, weightier
from surveys.models import Conversation, Response
from surveys.queries.later import told_later, values_of
from surveys.queries.set_aside import is_set_aside
from surveys.services.answers import RESPONDENT, act_on_answers, act_on_words, raise_alert
from surveys.services.setting_aside import alone

SWEEP = 200


def act_on_forms(*, limit: int = SWEEP, now: datetime) -> int:
    """Open what the answers ask for, as of the moment at which they came; how many forms. Idempotent."""
    free = Conversation.objects.with_matters_due().filter(~is_set_aside(Sweep.FORMS, now=now))
    waiting = free.order_by("matters_due_at", "pk").values_list("pk", "case")[:limit]
    seen = (
        alone(partial(act_on_form, key), sweep=Sweep.FORMS, row=key, case_id=case, now=now)
        for key, case in list(waiting)
    )
    return sum(bool(done) for done in seen)


@transaction.atomic
def act_on_form(conversation_id: int) -> bool:
    """The same of one form, also for whoever is about to rely on what came of it.

    False: nothing is due, or another sweep, or the client who is answering on, has it.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",), skip_locked=True)
        .with_matters_due()
        .select_related("case__firm", "case__centre__settings")
        .filter(pk=conversation_id)
        .first()
    )
    if row is None:
        return False
    see_to_form(row)
    row.save(update_fields=["matters_due_at"])
    return True


def see_to_form(row: Conversation) -> None:
    """What the form has told so far, of a conversation that the caller holds and saves. Nothing due: nothing done.

    Also for whoever is about to write over what the form holds: it was said.
    """
    if row.matters_due_at is None:
        return
    # Read under the lock: beside the row stood what was before it, perhaps a form of which the last press was to come.
    response = Response.objects.get(conversation=row)
    answers = list(response.answers.select_related("question", "choice"))
    values = {answer.question.code: answer.choice.value for answer in answers if answer.choice}
    later = told_later(response)
    heeded = weightier(values, values | values_of(later))
    if response.finished_at is not None:
        act_on_answers(conversation=row, values=heeded, actor=RESPONDENT, now=row.matters_due_at)
    elif values.get(MONEY) in MONEY_VALUES:
        raise_alert(conversation=row, kind=AlertKind.MONEY, actor=RESPONDENT, now=row.matters_due_at)
    # The hour at which a call suits is read by whoever calls.
    for answer in answers:
        act_on_words(
            conversation=row,
            words=[answer.text],
            values=heeded,
            read=answer.question.kind == QuestionKind.CALL_BACK,
            actor=RESPONDENT,
            now=answer.answered_at,
        )
    words = [text for _value, text in later.values()]
    act_on_words(conversation=row, words=words, values=heeded, read=True, actor=RESPONDENT, now=row.matters_due_at)
    row.matters_due_at = None
