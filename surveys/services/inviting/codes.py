"""The short code of one person's conversation: the same on every sheet that is printed for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from qa_service.cases.models import Case, Client
from qa_service.common.tokens import digest, short_code_of
from surveys.enums import Audience
from surveys.models import ClosingCard, Conversation

# Two of 40 bits meet once in a million sheets; the second then takes its next.
MOST_TRIES = 8


def offer_code(conversation: Conversation) -> str:
    """The code of this conversation, in force from now; only its digest is kept. The caller's transaction saves it."""
    case, recipient = conversation.case, conversation.recipient
    for code in _codes(case, conversation.audience, _named(conversation), conversation.wave):
        hashed = digest(code)
        if conversation.code_digest == hashed:
            return code
        if _free(hashed, case=case, recipient=recipient):
            conversation.code_digest = hashed
            conversation.save(update_fields=["code_digest"])
            return code
    raise NoFreeCodeError


def offer_codes(conversations: Sequence[Conversation]) -> dict[int, str]:
    """As `offer_code`, for many at once, by primary key; three statements, however many they are."""
    wanted = {row.pk: next(_codes(row.case, row.audience, _named(row), row.wave)) for row in conversations}
    digests = {key: digest(code) for key, code in wanted.items()}
    new = [row for row in conversations if row.code_digest != digests[row.pk]]
    hashed = [digests[row.pk] for row in new]
    taken = set(Conversation.objects.filter(code_digest__in=hashed).values_list("code_digest", flat=True))
    taken |= set(ClosingCard.objects.filter(code_digest__in=hashed).values_list("code_digest", flat=True))
    for row in new:
        if digests[row.pk] in taken or hashed.count(digests[row.pk]) > 1:
            wanted[row.pk] = offer_code(row)
        else:
            row.code_digest = digests[row.pk]
    Conversation.objects.bulk_update(new, ["code_digest"])
    return wanted


def card_code(*, case: Case, recipient: Client, wave: str, works_from: datetime) -> str:
    """The code that the conversation of this case and person will have, before it has begun."""
    known = ClosingCard.objects.filter(case=case, recipient=recipient, wave=wave).first()
    for code in _codes(case, Audience.CLIENT, str(recipient.public_id), wave):
        hashed = digest(code)
        if known is not None and known.code_digest == hashed:
            return code
        if known is None and _free(hashed, case=case, recipient=recipient):
            ClosingCard.objects.create(
                case=case, recipient=recipient, wave=wave, code_digest=hashed, works_from=works_from
            )
            return code
    raise NoFreeCodeError


def _named(conversation: Conversation) -> str:
    return str(conversation.recipient.public_id) if conversation.recipient else conversation.unit


class NoFreeCodeError(RuntimeError):
    """Cannot happen by chance (2^-240): the key of the codes has changed under their digests."""


def _codes(case: Case, audience: str, named: str, wave: str) -> Iterator[str]:
    label = f"{case.public_id}:{audience}:{named}:{wave}"
    return (short_code_of(f"{label}:{attempt}") for attempt in range(MOST_TRIES))


def _free(hashed: str, *, case: Case, recipient: Client | None) -> bool:
    """Nobody else has it; a card given out for the same person and case is no one else's."""
    cards = ClosingCard.objects.filter(code_digest=hashed).exclude(case=case, recipient=recipient)
    return not cards.exists() and not Conversation.objects.filter(code_digest=hashed).exists()
