"""What the answers of a client ask of the centre, as kinds of matters: plain values in, plain values out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from surveys.branching import MAY_CALL, MONEY, OUTCOME_KNOWN, RATING, SEALED, WHO_ASKED, SheetQuestion, shown
from surveys.conversation import Whose, money_besides, says_more, staff_matter
from surveys.enums import AlertKind, Mode, QuestionKind, StaffReason

BAD_RATINGS = frozenset({"1", "2"})
MONEY_VALUES = frozenset({"yes", "staff"})
OF_THE_CENTRE = "centre"
# A form that was told of money waits so long to be told who asked: by that it is known who may read of it.
WHO_MAY_TELL = timedelta(minutes=30)
UNCLEAR = "no"
# Of what a form told and took back: a sweep has opened what it asks for.
SEEN = "seen"

# The centre explains what came of it.
TO_EXPLAIN = ((OUTCOME_KNOWN, UNCLEAR),)
# Asked while the case runs: not met, not prepared, does not know what comes next, needs something.
TO_SEE_TO = (("met", "no"), ("ready", "no"), (OUTCOME_KNOWN, UNCLEAR), ("need", "yes"))
# Words that are seen to at once; whatever else was written is read in no hurry. A form reaches whoever holds it, so a
# number that is somebody else's is nothing that its words could tell.
OF_WORDS = {
    StaffReason.DANGER: AlertKind.DANGER,
    StaffReason.DANGER_DENIED: AlertKind.DENIED,
    StaffReason.MONEY: AlertKind.MONEY,
    StaffReason.COMPLAINT: AlertKind.COMPLAINT,
}

# What somebody says aloud is written down by whoever hears it, whatever became of the call or the visit.
SPOKEN_OF = (AlertKind.DANGER, AlertKind.MONEY, AlertKind.COMPLAINT)


@dataclass(frozen=True, slots=True)
class Heard:
    """What some words, or an answer, ask of the centre, without the words themselves.

    `above`: they are about the centre's own people. `may_call`: what the client answered to whether they may be rung;
    `openly`: as far as everybody may know. `anew`: a matter that was closed before says nothing of it. `own`: that it
    was these people was said otherwise than by the words. `whose`: from whom a danger comes, by the words.
    """

    kinds: tuple[AlertKind, ...] = ()
    above: bool = False
    may_call: bool | None = None
    openly: bool | None = None
    anew: bool = True
    own: bool = False
    whose: tuple[Whose, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds) or self.above

    def kept(self, *, at: datetime) -> dict[str, Any]:
        """As JSON, with the moment at which it was said."""
        return {**asdict(self), "kinds": list(self.kinds), "at": at.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> tuple[Self, datetime]:
        """The reverse of `kept`."""
        fields = {name: kept[name] for name in ("above", "may_call", "openly", "anew")}
        kinds = tuple(AlertKind(kind) for kind in kept["kinds"])
        # What was kept before dangers were told apart says nothing of whose they are.
        fields |= {"own": kept.get("own", False), "whose": tuple(Whose(each) for each in kept.get("whose", ()))}
        return cls(kinds=kinds, **fields), datetime.fromisoformat(kept["at"])


def who_sees_to_danger(heard: Heard, *, known: bool) -> tuple[bool, ...]:
    """Of each matter of danger that this opens, whether it is the bureau's.

    What comes from the centre's own people is; what comes from somebody else is the centre's, which is near. Of what
    names nobody the rest decides. `known`: the bureau has a matter of this client already, so that words about these
    people are about it.
    """
    if not (heard.own or Whose.OWN in heard.whose or (heard.above and known)):
        return (False,)
    others = Whose.ANOTHER in heard.whose
    return (True, False) if others and len(heard.whose) > 1 else (not others,)


def may_call_by(values: Mapping[str, str]) -> bool | None:
    """What a client answered to whether they may be rung; None where they were not asked."""
    return {"yes": True, "no": False}.get(values.get(MAY_CALL, ""))


def matters_in(values: Mapping[str, str], *, under_way: bool) -> tuple[AlertKind, ...]:
    """By the values chosen, question by question. `under_way`: asked while the case runs.

    An unhappy client's matter has room for what else is unclear, so one is enough; money is a matter of its own.
    """
    asked = TO_SEE_TO if under_way else TO_EXPLAIN
    rest = any(values.get(code) == value for code, value in asked)
    found = [AlertKind.RECOVERY] if values.get(RATING) in BAD_RATINGS else []
    if rest and not found:
        found.append(AlertKind.SEE_TO if under_way else AlertKind.EXPLAIN)
    if values.get(MONEY) in MONEY_VALUES:
        found.append(AlertKind.MONEY)
    return tuple(found)


def is_of_own_people(values: Mapping[str, str]) -> bool:
    """Whether money was asked for by somebody of the centre, as far as the client chose to say: its director is not to
    read it.
    """
    return values.get(MONEY) in MONEY_VALUES and values.get(WHO_ASKED) == OF_THE_CENTRE


def asks_who(questions: Iterable[SheetQuestion], values: Mapping[str, str]) -> bool:
    """Whether a client's own form, as answered so far, has still to ask them who it was."""
    path = shown(questions, mode=Mode.WEB, answers=values)
    return WHO_ASKED not in values and any(question.code == WHO_ASKED for question in path)


def weightier(first: Mapping[str, str], later: Mapping[str, str]) -> Mapping[str, str]:
    """By which of two tellings the centre acts: the first, which stands, unless the later one is an unhappy one.

    Money that one of them tells of is told, whatever the other says.
    """
    heeded, other = (later, first) if later.get(RATING) in BAD_RATINGS else (first, later)
    if other.get(MONEY) in MONEY_VALUES and (heeded.get(MONEY) not in MONEY_VALUES or is_of_own_people(other)):
        return {**heeded, **{code: other[code] for code in SEALED if code in other}}
    return heeded


def is_read_besides(code: str, kind: str, values: Mapping[str, str], *, telling: Collection[str]) -> bool:
    """Whether somebody reads what was written to this question though nothing is opened only to have it read.

    The hour at which a call suits is read by whoever calls, and what is asked because money was told of by whoever sees
    to that. `telling`: see `branching.telling_of_sealed`.
    """
    return kind == QuestionKind.CALL_BACK or (code in telling and values.get(MONEY) in MONEY_VALUES)


def matters_in_words(words: Iterable[str], *, read: bool = False) -> tuple[AlertKind, ...]:
    """By what was written in a form, whatever was chosen beside it.

    `read`: a person has it before their eyes, so nothing is opened only to have it read.
    """
    found: list[AlertKind] = []
    for said in words:
        matter = staff_matter(said)
        kind = OF_WORDS.get(matter)
        if kind is not None:
            found.append(kind)
        elif not read and (matter is not StaffReason.NONE or says_more(said)):
            found.append(AlertKind.WROTE)
        if kind is AlertKind.DANGER and money_besides(said):
            found.append(AlertKind.MONEY)
    return tuple(dict.fromkeys(found))
