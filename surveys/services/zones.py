from zoneinfo import ZoneInfo

from surveys.models import Conversation


def zone_of(conversation: Conversation) -> ZoneInfo:
    """The zone of the centre that asks: days and hours are counted in it."""
    return ZoneInfo(conversation.case.centre.settings.time_zone)
