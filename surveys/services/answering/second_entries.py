"""The same answer keyed in twice: the first stands, the second is kept beside it, and nothing is lost."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import Conflict, InvalidInput
from surveys.branching import shown
from surveys.enums import AlertKind, Answerer, Mode
from surveys.models import Conversation, SecondEntry
from surveys.queries.forms import response_of
from surveys.queries.sheets import sheet_asked
from surveys.services.answering.answers import (
    AnswerInput,
    act_on_answers,
    act_on_what_was_heard,
    act_on_words,
    checked,
    refuse_unknown,
)
from surveys.services.answering.beside import lay_beside
from surveys.services.answering.interviews import SHEET_MODES, count_sheet, locked
from surveys.services.contact.calling import is_left_to_guardian
from surveys.services.contact.trail import record_asking
from surveys.services.inviting.refusals import takes_answers, unanswered


class NothingToStandBeside(Conflict):
    code = "nothing_to_stand_beside"


class NothingKeyed(InvalidInput):
    code = "nothing_keyed"


@transaction.atomic
def keep_second_entry(
    *,
    user: User,
    conversation: Conversation,
    answers: Mapping[str, AnswerInput],
    answerer: Answerer,
    mode: Mode,
    note: str = "",
    heard: Collection[AlertKind] = (),
    of_centre: bool = False,
    now: datetime,
) -> SecondEntry:
    """Keep what a second person keyed in. What it tells of trouble is heard, the first answers stay as they are.

    :raises NothingToStandBeside: there is no answer yet, or none of the client's own; record it as the first.
    :raises NothingKeyed: no answer to a question of these, and no note.
    :raises InvalidAnswer: `field` is the question whose value is not one of its own, or that is none of these.
    """
    row = locked(conversation)
    response = response_of(row)
    if response is not None and response.is_by_another and answerer != Answerer.OTHER:
        raise NothingToStandBeside(
            _("What is stored was answered by somebody else. Record this as the first answer: this one counts.")
        )
    if not row.left_to_bureau and (response is None or response.finished_at is None):
        raise NothingToStandBeside(_("Nothing is recorded yet. Record it as the first answer."))
    values = {code: answer.value for code, answer in answers.items()}
    questions = sheet_asked(row).questions
    refuse_unknown(questions, answers)
    path = [item for item in shown(questions, mode=mode, answers=values) if item.code in answers]
    if not path and not note.strip() and not heard:
        raise NothingKeyed(_("There is nothing to keep: enter at least one answer."), field="answers")
    words = [checked(item, answers[item.code])["text"] for item in path]
    kept = {item.code: (answers[item.code].value, answers[item.code].text) for item in path}
    entry = lay_beside(conversation=row, said=kept, mode=mode, answerer=answerer, note=note, user=user, now=now)
    act_on_answers(conversation=row, values={item.code: values[item.code] for item in path}, actor=user.actor, now=now)
    act_on_words(conversation=row, words=words, values=values, read=True, actor=user.actor, now=now)
    act_on_what_was_heard(conversation=row, heard=heard, of_centre=of_centre, note=note, actor=user.actor, now=now)
    if _is_first_of_theirs(row, answerer=answerer, mode=mode, now=now):
        count_sheet(row, answers, answerer=answerer, mode=mode, user=user, now=now)
    details = {"mode": mode}
    record_asking(conversation=row, actor=user.actor, action="surveys.second_entry_kept", details=details, at=now)
    return entry


def _is_first_of_theirs(row: Conversation, *, answerer: Answerer, mode: Mode, now: datetime) -> bool:
    """Whether a sheet that came back is the answer of a client left to the bureau, who to the centre has given it.

    Without it those would be missing from every figure who have most to complain of.
    """
    by_sheet = mode in SHEET_MODES and answerer != Answerer.OTHER and not is_left_to_guardian(row, answerer)
    return by_sheet and row.left_to_bureau and unanswered(row) and takes_answers(row, now=now)
