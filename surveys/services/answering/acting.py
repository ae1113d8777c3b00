"""Acting on what clients told a form: the answer is written at once and costs little, what it asks for follows.

What a form was told is never lost by a fault in what follows from it. Texts, and what staff key in, are acted on in the
transaction that writes them.
"""

from datetime import datetime
from functools import partial

from django.db import transaction

from surveys.branching import MONEY
from surveys.enums import Sweep
from surveys.matters import MONEY_VALUES, SEEN, WHO_MAY_TELL, Heard, asks_who, is_read_besides, weightier
from surveys.models import Conversation, Response
from surveys.queries.interview import telling_questions
from surveys.queries.later import told_later, values_of
from surveys.queries.set_aside import is_set_aside
from surveys.queries.sheets import sheet_asked
from surveys.services.answering.answers import RESPONDENT, act_on_answers, act_on_heard, act_on_words, raise_money
from surveys.services.contact.setting_aside import alone

SWEEP = 200


def act_on_forms(*, limit: int = SWEEP, now: datetime) -> int:
    """Open what the answers ask for, as of the moment at which they came; how many forms. Idempotent."""
    free = Conversation.objects.with_matters_due(by=now).filter(~is_set_aside(Sweep.FORMS, now=now))
    waiting = free.order_by("matters_due_at", "pk").values_list("pk", "case__centre")[:limit]
    # Of no case: the form may be about the centre, and then its manager is not to know that there is one.
    seen = (
        alone(partial(act_on_form, key, now=now), sweep=Sweep.FORMS, row=key, centre_id=centre, now=now)
        for key, centre in list(waiting)
    )
    return sum(bool(done) for done in seen)


@transaction.atomic
def act_on_form(conversation_id: int, *, now: datetime) -> bool:
    """The same of one form, also for whoever is about to rely on what came of it.

    False: nothing is due by now, or another sweep, or the client who is answering on, has it.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",), skip_locked=True)
        .with_matters_due(by=now)
        .select_related("case__firm", "case__centre__settings")
        .filter(pk=conversation_id)
        .first()
    )
    if row is None:
        return False
    see_to_form(row, who_may_tell=True)
    row.save(update_fields=["matters_due_at", "taken_back"])
    return True


def see_to_form(row: Conversation, *, who_may_tell: bool = False) -> None:
    """What the form has told so far, of a conversation that the caller holds and saves. Nothing due: nothing done.

    Also for whoever is about to write over what the form holds: it was said. `who_may_tell`: money is left for its own
    moment where the client may be about to say who asked.
    """
    if row.matters_due_at is None:
        return
    due_next = None
    for kept in row.taken_back or ():
        if SEEN not in kept:
            heard, at = Heard.of(kept)
            act_on_heard(conversation=row, heard=heard, actor=RESPONDENT, now=at)
    # Whoever sees to what came of it reads when it was taken back: the answers say nothing of it any more.
    row.taken_back = [{**kept, SEEN: True} for kept in row.taken_back or ()] or None
    # Read under the lock: beside the row stood what was before it, perhaps a form of which the last press was to come.
    response = Response.objects.get(conversation=row)
    answers = list(response.answers.select_related("question", "choice"))
    values = {answer.question.code: answer.choice.value for answer in answers if answer.choice}
    later = told_later(response)
    heeded = weightier(values, values | values_of(later))
    if response.finished_at is not None:
        act_on_answers(conversation=row, values=heeded, actor=RESPONDENT, now=row.matters_due_at)
    elif values.get(MONEY) in MONEY_VALUES:
        told_at = next(answer.answered_at for answer in answers if answer.question.code == MONEY)
        waits_until = told_at + WHO_MAY_TELL
        if who_may_tell and asks_who(sheet_asked(row).questions, values) and row.matters_due_at < waits_until:
            due_next = waits_until
        else:
            raise_money(conversation=row, values=values, actor=RESPONDENT, now=told_at)
    telling = telling_questions(row, values)
    for answer in answers:
        act_on_words(
            conversation=row,
            words=[answer.text],
            values=heeded,
            read=is_read_besides(answer.question.code, answer.question.kind, values, telling=telling),
            actor=RESPONDENT,
            now=answer.answered_at,
        )
    words = [text for _value, text in later.values()]
    act_on_words(conversation=row, words=words, values=heeded, read=True, actor=RESPONDENT, now=row.matters_due_at)
    row.matters_due_at = due_next
