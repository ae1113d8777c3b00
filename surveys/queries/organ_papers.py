"""What a letter to an organ prints, in the language that is active."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings

from surveys.documents.content import LetterContent, Offer
from surveys.enums import Mode, OrganWay
from surveys.models import Conversation
from surveys.queries.papers import questions_on_paper


def offer_to_organ(code: str) -> Offer:
    """As a client's, at the organ's own door."""
    base = django_settings.PUBLIC_BASE_URL
    return Offer(code=code, url=f"{base}/o/{code}", address=f"{base.split('://', 1)[-1]}/o/")


def letter_content(
    *, conversation: Conversation, code: str, language: str, closes_after_days: int, now: datetime
) -> LetterContent:
    """Needs `case__centre__settings`, `case__lawyer`, `case__firm` and `organ`. Names the case, never the client."""
    case = conversation.case
    settings = case.centre.settings
    zone = ZoneInfo(settings.time_zone)
    last = conversation.answer_by.astimezone(zone).date()
    if conversation.sent_out_at is None:
        last = now.astimezone(zone).date() + timedelta(days=closes_after_days)
    organ = conversation.organ
    return LetterContent(
        language=language,
        unit=conversation.unit,
        centre=settings.issuer_name or case.centre.name,
        office_phone=settings.office_phone,
        case_number=case.number,
        case_class=case.type_and_stage,
        lawyer=case.lawyer.name,
        firm=case.firm.name,
        closed_on=case.day_closed,
        reminder=conversation.reminders > 0,
        return_by=last,
        written_on=now.astimezone(zone).date(),
        questions=questions_on_paper(conversation, mode=Mode.PAPER),
        offer=offer_to_organ(code),
        by_link=organ is not None and organ.way != OrganWay.LETTER,
        organ_number=case.organ_number,
        postal_address=settings.postal_address,
    )
