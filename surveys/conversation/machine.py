"""What follows from a client's text, by where the conversation stands: a pure machine.

A reply that stops everything, or that speaks of danger, money or another person, is heard in every state. A number from
1 to 5 or its word is the answer. Anything else is asked about once; then a person telephones. At most one clarification
and one closing text are ever sent, so two machines answering each other fall silent by themselves.
"""

from dataclasses import dataclass, replace

from surveys.conversation.words import means_stop, rating_in, staff_matter
from surveys.enums import OPEN_STATES, ConversationState, MessageKind, StaffReason


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the conversation stands. `by_text` is False once a person of the centre has taken over."""

    state: ConversationState
    clarified: bool = False
    rated: bool = False
    by_text: bool = True
    still_taken: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows: the new progress, at most one reply, and what is to be written."""

    progress: Progress
    reply: MessageKind | None = None
    rating: int | None = None
    opt_out: bool = False
    staff: StaffReason = StaffReason.NONE


def hear(progress: Progress, text: str, *, opt_out_type: str = "", can_reply: bool = True) -> Outcome:
    """One inbound text. `opt_out_type` is the provider's own finding (STOP, START, HELP), or empty.

    The provider that found STOP has already answered, so nothing more is sent. Where the carrier lets nothing be sent
    back, what would have been asked once more goes to a person at once.
    """
    outcome = _heard(progress, text, opt_out_type=opt_out_type)
    if can_reply or outcome.reply is None:
        return outcome
    if outcome.reply is MessageKind.CLARIFICATION:
        return Outcome(replace(outcome.progress, by_text=False), staff=StaffReason.UNCLEAR)
    return replace(outcome, reply=None)


def _heard(progress: Progress, text: str, *, opt_out_type: str) -> Outcome:
    if opt_out_type == "STOP" or means_stop(text):
        # Also after an answer, which stays: else each further stop would be confirmed again.
        stopped = replace(progress, state=ConversationState.STOPPED)
        repeated = progress.state == ConversationState.STOPPED
        return Outcome(stopped, reply=None if opt_out_type or repeated else MessageKind.STOPPED, opt_out=True)
    if opt_out_type:
        return Outcome(progress)
    matter = staff_matter(text)
    rating = rating_in(text) if _listening(progress) and not progress.rated else None
    if matter is not StaffReason.NONE:
        return _to_staff(progress, matter, rating)
    if not _listening(progress):
        return Outcome(progress)
    if rating is not None:
        return _answered(progress, rating)
    return _not_understood(progress)


def _listening(progress: Progress) -> bool:
    return progress.still_taken and progress.state in (*OPEN_STATES, ConversationState.EXPIRED)


def _to_staff(progress: Progress, matter: StaffReason, rating: int | None) -> Outcome:
    """The matter is never echoed: what goes back, if anything, is the same neutral thanks as after any answer."""
    after = replace(progress, by_text=False, rated=progress.rated or rating is not None)
    if matter is StaffReason.WRONG_NUMBER:
        return Outcome(after, opt_out=True, staff=matter)
    quiet = matter is StaffReason.DANGER or not progress.by_text or not _listening(progress)
    return Outcome(after, reply=None if quiet else MessageKind.THANKS, rating=rating, staff=matter)


def _answered(progress: Progress, rating: int) -> Outcome:
    # A web form that has been begun may still be finished; the text fills in its first question.
    begun = progress.state == ConversationState.STARTED
    state = ConversationState.STARTED if begun else ConversationState.FINISHED
    return Outcome(replace(progress, state=state, rated=True), reply=MessageKind.THANKS, rating=rating)


def _not_understood(progress: Progress) -> Outcome:
    if not progress.by_text or progress.state == ConversationState.EXPIRED or progress.rated:
        return Outcome(progress)
    if progress.clarified:
        handed = replace(progress, by_text=False)
        return Outcome(handed, reply=MessageKind.STAFF_WILL_CALL, staff=StaffReason.UNCLEAR)
    state = ConversationState.STARTED if progress.state == ConversationState.STARTED else ConversationState.CLARIFYING
    return Outcome(replace(progress, clarified=True, state=state), reply=MessageKind.CLARIFICATION)
