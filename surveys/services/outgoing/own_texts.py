"""Whether a questionnaire's own texts may be sent by a gateway."""

from surveys.models import Conversation
from surveys.queries.sheets import sheet_asked
from surveys.sms.base import Gateway
from surveys.texts import Own


def own_texts(conversation: Conversation, gateway: Gateway, phone: str) -> Own | None:
    """None where the carrier sends registered templates alone: those hold the service's own words."""
    return sheet_asked(conversation).texts if gateway.capabilities_for(phone).free_text else None
