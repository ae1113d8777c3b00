"""What follows from a client's text, by where the conversation stands: a pure machine.

A reply that stops everything, or that speaks of danger, money, a complaint or another person, is heard in every state.
A number from 1 to 5 or its word is the answer; the first stands, a person sees to a worse one. Anything else is asked
about once, and words in it are read meanwhile; then a person telephones. When the follow-up is over nothing is asked
any more: a person sees to it at once, as to every word beyond thanks that comes beside or after an answer. A stop
beside a rating stops everything and keeps the rating. At most one clarification and one promise of a person are ever
sent, so two machines answering each other fall silent.
"""

from dataclasses import dataclass, replace

from surveys.conversation.another import Doubt
from surveys.conversation.words import (
    asks_who,
    means_stop,
    money_besides,
    rating_in,
    says_more,
    staff_matter,
    stop_beside_rating,
    tells_something,
    wants_silence,
    whose_number,
    words_beside_stop,
)
from surveys.enums import OPEN_STATES, ConversationState, MessageKind, StaffReason

ASKING_ONCE_MORE = (MessageKind.CLARIFICATION, MessageKind.INTRODUCTION)
WITHOUT_AN_ANSWER = (ConversationState.EXPIRED, ConversationState.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the conversation stands. `by_text` is False once a person of the centre has taken over.

    `texted`: this person was written to, so an answer may go back. `told`: that a person has it was said already.
    `asking`: the clarification has not left yet, so what comes in is no answer to it. `astray`: who has this
    telephone said that it is not the client's, so that their marks are nobody's and their stop is not the client's.
    `in_danger`: they have told of danger, so that nothing goes back any more, whatever they write next.
    """

    state: ConversationState
    clarified: bool = False
    rated: bool = False
    by_text: bool = True
    still_taken: bool = True
    texted: bool = True
    told: bool = False
    asking: bool = False
    astray: bool = False
    in_danger: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows: the new progress, at most one reply, and what is to be written."""

    progress: Progress
    reply: MessageKind | None = None
    rating: int | None = None
    # Another rating after the first: never written as the answer.
    correction: int | None = None
    opt_out: bool = False
    staff: StaffReason = StaffReason.NONE
    # A second matter of the same text, sealed from those who see to the first.
    besides: StaffReason = StaffReason.NONE
    # Words beside the rating, or instead of one, that a person reads in no hurry.
    remark: bool = False


def hear(progress: Progress, text: str, *, opt_out_type: str = "", can_reply: bool = True) -> Outcome:
    """One inbound text. `opt_out_type` is the provider's own finding (STOP, START, HELP), or empty.

    The provider that found STOP has already answered, so nothing more is sent. Where the carrier lets nothing be sent
    back, what would have been asked once more goes to a person at once.
    """
    outcome = _heard(progress, text, opt_out_type=opt_out_type)
    if outcome.progress.in_danger and outcome.reply is not None:
        # What is not sent promised nobody anything.
        return replace(outcome, reply=None, progress=replace(outcome.progress, told=progress.told))
    if can_reply or outcome.reply is None:
        return outcome
    if outcome.reply in ASKING_ONCE_MORE:
        return Outcome(replace(outcome.progress, by_text=False), staff=StaffReason.UNCLEAR)
    return replace(outcome, reply=None)


def _heard(progress: Progress, text: str, *, opt_out_type: str) -> Outcome:
    if progress.astray:
        return _of_somebody_else(progress, text, stopped=opt_out_type == "STOP")
    if opt_out_type == "STOP" or means_stop(text):
        return _stopped(progress, confirm=not opt_out_type)
    if opt_out_type == "HELP":
        return _asked_for_help(progress, text)
    return Outcome(progress) if opt_out_type else _read(progress, text)


def _asked_for_help(progress: Progress, text: str) -> Outcome:
    """The provider has answered; yet "help" may be meant as it is written."""
    outcome = _read(progress, text)
    return Outcome(progress) if outcome.staff is StaffReason.NONE else replace(outcome, reply=None)


def _read(progress: Progress, text: str) -> Outcome:
    matter = staff_matter(text)
    parting = stop_beside_rating(text) if matter is StaffReason.NONE else None
    if parting is not None:
        return _stopped_with(progress, parting)
    rating = rating_in(text) if progress.still_taken else None
    words = words_beside_stop(text)
    silence = wants_silence(text, in_danger=matter is StaffReason.DANGER)
    if matter is not StaffReason.NONE:
        outcome = _to_staff(progress, matter, rating if _listening(progress) and not progress.rated else None)
        if matter is StaffReason.WRONG_NUMBER:
            outcome = replace(outcome, opt_out=_is_sure(whose_number(text), progress))
        if matter is StaffReason.DANGER and money_besides(text):
            outcome = replace(outcome, besides=StaffReason.MONEY)
        # A person sees to the matter; no text goes out any more, not even to say so.
        return replace(outcome, opt_out=True, reply=None) if words is not None or silence else outcome
    if silence or words is not None:
        outcome = _stopped_beside(progress, rating, text if words is None else words)
        # Who asks for no answer does not get the stop confirmed either.
        return replace(outcome, reply=None) if silence else outcome
    if progress.rated:
        return _after_the_answer(progress, rating, text)
    if rating is not None and _listening(progress):
        return replace(_answered(progress, rating), remark=says_more(text))
    return _not_understood(progress, who=asks_who(text), words=tells_something(text))


def _of_somebody_else(progress: Progress, text: str, *, stopped: bool) -> Outcome:
    """Nothing goes back to them. A person reads what is more than a mark or thanks: it may be the client after all."""
    if stopped or means_stop(text):
        return Outcome(progress, opt_out=True)
    matter = staff_matter(text)
    if matter is StaffReason.NONE and says_more(text):
        matter = StaffReason.WRONG_NUMBER
    return Outcome(replace(progress, by_text=False), staff=matter)


def _stopped(progress: Progress, *, confirm: bool) -> Outcome:
    """Also after an answer, which stays: else each further stop would be confirmed again."""
    stopped = replace(progress, state=ConversationState.STOPPED)
    repeated = progress.state == ConversationState.STOPPED
    return Outcome(stopped, reply=MessageKind.STOPPED if confirm and not repeated else None, opt_out=True)


def _stopped_with(progress: Progress, rating: int) -> Outcome:
    """As any stop: no thanks and no link go out. The rating counts as it would by itself."""
    outcome = _stopped(progress, confirm=True)
    if progress.rated:
        heard = progress.still_taken and progress.state != ConversationState.STOPPED
        return replace(outcome, correction=rating if heard else None)
    if not _listening(progress):
        return outcome
    return replace(outcome, progress=replace(outcome.progress, rated=True), rating=rating)


def _stopped_beside(progress: Progress, rating: int | None, words: str) -> Outcome:
    """ "4 律师没来，退订", "律师没来，退订": nothing is asked once more; a person reads what is more than thanks."""
    if rating is not None:
        outcome = _stopped_with(progress, rating)
        return replace(outcome, remark=says_more(words)) if outcome.rating is not None else _unclear(outcome, words)
    return _unclear(_stopped(progress, confirm=True), words)


def _unclear(outcome: Outcome, words: str) -> Outcome:
    return replace(outcome, staff=StaffReason.UNCLEAR) if says_more(words) else outcome


def _after_the_answer(progress: Progress, rating: int | None, text: str) -> Outcome:
    """A person reads whatever is more than thanks or another rating; who stopped the texts gets none back."""
    stopped = progress.state == ConversationState.STOPPED
    correction = None if stopped else rating
    if not says_more(text):
        return Outcome(progress, correction=correction)
    outcome = replace(_too_late_to_ask(progress, who=asks_who(text)), correction=correction)
    if stopped or not progress.still_taken:
        return replace(outcome, progress=replace(outcome.progress, clarified=progress.clarified), reply=None)
    return outcome


def _listening(progress: Progress) -> bool:
    return progress.still_taken and progress.state in (*OPEN_STATES, ConversationState.EXPIRED)


def _to_staff(progress: Progress, matter: StaffReason, rating: int | None) -> Outcome:
    """The matter is never echoed: what goes back, if anything, is the same neutral thanks as after any answer."""
    if matter is StaffReason.WRONG_NUMBER:
        return Outcome(replace(progress, by_text=False), staff=matter)
    after = replace(
        progress,
        by_text=False,
        rated=progress.rated or rating is not None,
        in_danger=progress.in_danger or matter is StaffReason.DANGER,
    )
    reply = _reply_on(matter, progress)
    after = replace(after, told=progress.told or reply is MessageKind.STAFF_WILL_CALL or _is_over(progress))
    return Outcome(after, reply=reply, rating=rating, staff=matter)


def _is_sure(doubt: Doubt, progress: Progress) -> bool:
    """That the number is nobody's to ask: else a person finds out. "打错了" behind a mark may be of the mark."""
    return doubt is Doubt.ANOTHER or (doubt is Doubt.SAID and not progress.rated)


def _reply_on(matter: StaffReason, progress: Progress) -> MessageKind | None:
    """Danger is answered by nothing that another could read; what is sealed, by no promise."""
    if matter is StaffReason.DANGER or not progress.texted or progress.state == ConversationState.STOPPED:
        return None
    if matter is StaffReason.COMPLAINT or _is_over(progress):
        answer = MessageKind.THANKS if matter is StaffReason.MONEY else MessageKind.STAFF_WILL_CALL
        return None if progress.told else answer
    return MessageKind.THANKS if progress.by_text and _listening(progress) else None


def _is_over(progress: Progress) -> bool:
    return progress.state in WITHOUT_AN_ANSWER


def _answered(progress: Progress, rating: int) -> Outcome:
    # A web form that has been begun may still be finished; the text fills in its first question.
    begun = progress.state == ConversationState.STARTED
    state = ConversationState.STARTED if begun else ConversationState.FINISHED
    return Outcome(replace(progress, state=state, rated=True), reply=MessageKind.THANKS, rating=rating)


def _not_understood(progress: Progress, *, who: bool, words: bool) -> Outcome:
    """Lists of words never know every way to tell of money or danger, so what is asked about is also read."""
    ask = MessageKind.INTRODUCTION if who else MessageKind.CLARIFICATION
    if _is_over(progress) and progress.still_taken:
        return _too_late_to_ask(progress, who=who)
    if not _listening(progress) or not progress.by_text or progress.asking:
        return Outcome(progress)
    if progress.clarified:
        handed = replace(progress, by_text=False, told=True)
        return Outcome(handed, reply=MessageKind.STAFF_WILL_CALL, staff=StaffReason.UNCLEAR)
    state = ConversationState.STARTED if progress.state == ConversationState.STARTED else ConversationState.CLARIFYING
    return Outcome(replace(progress, clarified=True, state=state), reply=ask, remark=words and not who)


def _too_late_to_ask(progress: Progress, *, who: bool) -> Outcome:
    """A person sees to it, and the client is told so once; who asks who we are is told that instead."""
    introduce = who and not progress.clarified
    answer = MessageKind.INTRODUCTION if introduce else MessageKind.STAFF_WILL_CALL
    after = replace(progress, by_text=False, told=True, clarified=progress.clarified or introduce)
    quiet = progress.told or not progress.texted
    return Outcome(after, reply=None if quiet else answer, staff=StaffReason.UNCLEAR)
