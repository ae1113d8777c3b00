"""The words in which a provider reports a text, how far each takes it, and what it is to us.

The vocabulary is Twilio's, as the widest; another gateway translates its own words into these.
"""

from surveys.enums import MessageState

# How far a text has got (0: nothing heard yet): a callback applies only when it takes the message further.
RANKS: dict[str, int] = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "delivered": 5,
    "undelivered": 5,
    "failed": 5,
    "canceled": 5,
    "read": 6,
}

STATES: dict[str, MessageState] = {
    "accepted": MessageState.ACCEPTED,
    "scheduled": MessageState.ACCEPTED,
    "queued": MessageState.ACCEPTED,
    "sending": MessageState.ACCEPTED,
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.UNDELIVERED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}

FINAL_RANK = RANKS["delivered"]
REFUSED_STATES = (MessageState.UNDELIVERED, MessageState.FAILED)
