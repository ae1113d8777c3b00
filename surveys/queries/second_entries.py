"""What was said or keyed in beside a first answer, of a client or of a unit, each with what differs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from qa_service.common.encryption import Unreadable
from surveys.branching import RATING, shown
from surveys.enums import Answerer, Mode
from surveys.models import Conversation, Response, SecondEntry
from surveys.queries.alerts import WHOLE, Readable, Reading, everyday_reading
from surveys.queries.forms import response_of
from surveys.queries.interview import (
    AskedQuestion,
    Difference,
    compared,
    interview_questions,
    sealed_questions,
    telling_questions,
)
from surveys.queries.later import told_in, values_of
from surveys.queries.sheets import sheet_asked


@dataclass(frozen=True, slots=True)
class Beside:
    """One further entry; `differing` is empty where it says the same, as far as may be shown. `rating`: its mark.

    `before`: somebody else's answer, which made room for the client's own.
    """

    entry: SecondEntry
    differing: tuple[Difference, ...]
    note: str
    rating: int | None
    withheld: bool = False
    before: bool = False

    def __repr__(self) -> str:
        return f"Beside({self.entry.mode})"


def second_entries(
    conversation: Conversation, *, reading: Reading | None = None, words: bool = True
) -> tuple[Beside, ...]:
    """In the order in which they came, in the language that is active.

    `reading`: as for whoever asks. What is sealed is left out for all who do not see to it, and with it words and notes
    that speak of money or were written down when such a matter was raised, and what only its question opened.
    Without `words`: what was chosen, and nothing that anybody wrote.
    """
    entries = list(conversation.second_entries.select_related("entered_by"))
    if not entries:
        return ()
    reading = reading or everyday_reading(conversation)
    hidden = frozenset[str]() if reading.sealed else sealed_questions(conversation)
    if not hidden:  # an organ's has no seal
        reading = WHOLE
    sealed = reading.sealed
    raised = set() if sealed else set(conversation.alerts.filter(sealed=True).values_list("raised_at", flat=True))
    sheets: dict[str, tuple[AskedQuestion, ...]] = {}
    found = []
    for entry in entries:
        if isinstance(entry.answers, Unreadable):  # its place says so, and the others go on
            found.append(Beside(entry, (), note=entry.answers, rating=None))
            continue
        if entry.mode not in sheets:
            sheets[entry.mode] = interview_questions(conversation, mode=Mode(entry.mode), reading=reading)
        said, first = entry_answers(entry), _first(sheets[entry.mode])
        if hidden:
            said = _openly(conversation, first, entry, said)
        asked = _comparable(conversation, sheets[entry.mode], entry, said, first=first, hidden=hidden)
        read = {code: reading.read(text) if words else Readable("") for code, (_value, text) in said.items()}
        readable = {code: (value, read[code].words) for code, (value, _text) in said.items()}
        note = reading.read(entry.note, closed_off=entry.entered_at in raised) if words else Readable("")
        found.append(
            Beside(
                entry,
                compared(asked if words else map(_wordless, asked), readable, sealed=hidden),
                note=note.words,
                rating=_rating(said),
                withheld=note.withheld or any(each.withheld for each in read.values()),
                before=_made_room(conversation, entry),
            )
        )
    return tuple(found)


def _made_room(conversation: Conversation, entry: SecondEntry) -> bool:
    own = response_of(conversation)
    by_another = entry.answerer == Answerer.OTHER
    return by_another and own is not None and not own.is_by_another and entry.entered_at <= own.started_at


def _first(sheet: tuple[AskedQuestion, ...]) -> dict[str, str]:
    """What stands, as chosen, by question."""
    return {item.code: item.kept.value for item in sheet if item.kept.value}


def _openly(
    conversation: Conversation, first: Mapping[str, str], entry: SecondEntry, said: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """Without what only something sealed had them asked. A client's own entry goes on from what they had said."""
    before = {} if entry.entered_by_id else first
    telling = telling_questions(conversation, {**before, **values_of(said)})
    return {code: answer for code, answer in said.items() if code not in telling}


def _comparable(
    conversation: Conversation,
    sheet: tuple[AskedQuestion, ...],
    entry: SecondEntry,
    said: Mapping[str, tuple[str, str]],
    *,
    first: Mapping[str, str],
    hidden: Collection[str],
) -> list[AskedQuestion]:
    """Of a client's own entry what they were asked anew; where something is hidden, nothing that it alone opened."""
    later = values_of(said)
    asked = [item for item in sheet if entry.entered_by_id or item.code in said]
    if not hidden:
        return asked
    questions = sheet_asked(conversation).questions
    tellings = first, later if entry.entered_by_id else {**first, **later}
    told = [{code: value for code, value in telling.items() if code not in hidden} for telling in tellings]
    opened = {item.code for values in told for item in shown(questions, mode=entry.mode, answers=values)}
    return [item for item in asked if item.code in opened]


def _wordless(item: AskedQuestion) -> AskedQuestion:
    return replace(item, kept=replace(item.kept, text=""))


def entry_answers(entry: SecondEntry) -> dict[str, tuple[str, str]]:
    """Choice and words by question."""
    return told_in(entry.answers)


def was_kept_beside(response: Response, *, at: datetime) -> bool:
    """Whether what was keyed in at this moment told otherwise than what the client had said before."""
    return response.started_at < at and response.conversation.second_entries.filter(entered_at=at).exists()


def _rating(said: Mapping[str, tuple[str, str]]) -> int | None:
    value = said.get(RATING, ("", ""))[0]
    return int(value) if value.isdigit() else None
