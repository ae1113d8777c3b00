"""What must become of texts whatever is reported of them, and in whatever order: written from the provider's own words.

Nothing of the service is asked here, neither its tables nor its rules: it is what the service is held against. It says
where each text ends, not how to get there: a text's outcome is the first final word about it, else its furthest word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# The life of a text (twilio.com/docs/messaging/guides/track-outbound-message-status), the outcomes last.
ON_ITS_WAY = {"accepted": 1, "scheduled": 1, "queued": 2, "sending": 3, "sent": 4}
OUTCOMES = {
    "delivered": "delivered", "read": "delivered", "undelivered": "undelivered", "failed": "failed",
    "canceled": "failed",
}  # fmt: skip
ARRIVED, READ = 5, 6
# What a refusal says: the number wants no texts; the provider itself is at fault; else this number cannot be reached.
STOPPED_CODES = frozenset({"21610"})
PROVIDER_CODES = frozenset({"30001", "30002", "30450"})


@dataclass(frozen=True, slots=True)
class Text:
    """`number` and `conversation` are those of other texts too; `asks`: an invitation, not the thanks for an answer."""

    reference: str
    number: str
    conversation: str
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """One call. `ours`: it carries our signed reference of the text. `believed`: the provider signed the call."""

    text: int
    sid: str
    word: str
    code: str = ""
    ours: bool = True
    believed: bool = True


@dataclass(frozen=True, slots=True)
class Answered:
    """Our own request is answered: the text is taken, and this is its number."""

    text: int
    sid: str


Event = Report | Answered


@dataclass(frozen=True, slots=True)
class End:
    """Of a text: its state, how far it got, its number with the provider, and why it was refused."""

    state: str = "sending"
    rank: int = 0
    sid: str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a conversation: its state and, where a person asks instead, why."""

    state: str = "awaiting"
    handed_over: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    ends: list[End]
    standings: Mapping[str, Standing]
    stopped_numbers: frozenset[str]


def expected(texts: Sequence[Text], events: Sequence[Event]) -> Expected:
    own: list[list[tuple[int, Event]]] = [[] for _text in texts]
    for place, event in enumerate(events):
        if not isinstance(event, Report) or event.believed:
            own[event.text].append((place, event))
    ends: list[End] = []
    refusals: list[tuple[int, Text, str]] = []
    for text, happened in zip(texts, own, strict=True):
        end, decided = _end(happened)
        ends.append(end)
        if decided is not None and end.state in ("undelivered", "failed"):
            refusals.append((decided, text, end.code))
    standings, stopped = _consequences(texts, sorted(refusals, key=lambda refusal: refusal[0]))
    return Expected(ends, standings, stopped)


def last_word(texts: Sequence[Text], events: Iterable[Event]) -> list[str]:
    """The control: the usual callback, which writes down whatever it heard last."""
    states = ["sending"] * len(texts)
    for event in events:
        if isinstance(event, Answered):
            states[event.text] = "accepted"
        elif event.believed and event.word in ON_ITS_WAY:
            states[event.text] = "sent" if event.word == "sent" else "accepted"
        elif event.believed and event.word in OUTCOMES:
            states[event.text] = OUTCOMES[event.word]
    return states


def _end(happened: Sequence[tuple[int, Event]]) -> tuple[End, int | None]:
    """Where one text ends, and the place of the word that decided its outcome."""
    naming = [(place, event) for place, event in happened if _names(event)]
    if not naming:
        return End(), None
    known_from, first = naming[0]
    heard = [
        (place, event)
        for place, event in happened
        if isinstance(event, Report) and event.sid == first.sid and place >= known_from
    ]
    finals = [(place, event) for place, event in heard if event.word in OUTCOMES]
    if finals:
        place, decisive = finals[0]
        outcome = OUTCOMES[decisive.word]
        read = outcome == "delivered" and any(event.word == "read" for _place, event in finals)
        return End(outcome, READ if read else ARRIVED, first.sid, decisive.code), place
    furthest = max((ON_ITS_WAY.get(event.word, 0) for _place, event in heard), default=0)
    return End("sent" if furthest == ON_ITS_WAY["sent"] else "accepted", max(furthest, 1), first.sid), None


def _names(event: Event) -> bool:
    """Whether it tells us which number of the provider's is this text's: our own answer, or a word under our mark."""
    return isinstance(event, Answered) or (event.ours and (event.word in ON_ITS_WAY or event.word in OUTCOMES))


def _consequences(
    texts: Sequence[Text], refusals: Iterable[tuple[int, Text, str]]
) -> tuple[dict[str, Standing], frozenset[str]]:
    """In the order in which the refusals became known: a stop ends all that the number is asked, and is not undone."""
    standings = {text.conversation: Standing() for text in texts}
    of_number: dict[str, set[str]] = {}
    for text in texts:
        of_number.setdefault(text.number, set()).add(text.conversation)
    stopped: set[str] = set()
    for _place, text, code in refusals:
        if code in STOPPED_CODES:
            stopped.add(text.number)
            for conversation in of_number[text.number]:
                standings[conversation] = Standing("stopped", standings[conversation].handed_over)
        elif text.asks and standings[text.conversation].state == "awaiting":
            reason = "provider_away" if code in PROVIDER_CODES else "number_refused"
            standings[text.conversation] = Standing("awaiting", reason)
    return standings, frozenset(stopped)
