"""What an e-mail to an organ says: whose work is judged, case by case, and never a client."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from qa_service.common.tokens import link_token_of
from qa_service.notifications.models import Mail
from qa_service.notifications.services import queue_mail
from qa_service.organisations.queries import calendar, issuer_name
from surveys import timing
from surveys.models import Conversation, Organ


def link_token(conversation: Conversation) -> str:
    """The token of the organ's link: the same in the e-mail and in each reminder."""
    return link_token_of(f"organ:{conversation.public_id}")


def link_of(conversation: Conversation) -> str:
    return f"{django_settings.PUBLIC_BASE_URL}/o/{link_token(conversation)}"


def write_mail(conversations: Sequence[Conversation], *, organ: Organ, reminder: bool, now: datetime) -> Mail:
    """Queue one e-mail about these cases, for the next hour at which offices work.

    :raises CalendarYearMissing: nobody knows which days are worked.
    """
    settings = organ.centre.settings
    zone = ZoneInfo(settings.time_zone)
    hours = timing.Hours(zone=zone, opens=settings.contact_opens, closes=settings.contact_closes)
    not_before = timing.next_office_hour(now, hours=hours, calendar=calendar())
    with override(organ.language):
        subject = _subject(len(conversations), reminder=reminder)
        body = _body(conversations, organ=organ, office_phone=settings.office_phone, zone=zone)
    return queue_mail(to=organ.email, subject=subject, body=body, not_before=not_before, now=now)


def _subject(count: int, *, reminder: bool) -> str:
    if reminder:
        text = ngettext(
            "Reminder: your opinion on the handling of %(count)s legal-aid case",
            "Reminder: your opinion on the handling of %(count)s legal-aid cases",
            count,
        )
    else:
        text = ngettext(
            "Your opinion on the handling of %(count)s legal-aid case",
            "Your opinion on the handling of %(count)s legal-aid cases",
            count,
        )
    return text % {"count": count}


def _body(conversations: Sequence[Conversation], *, organ: Organ, office_phone: str, zone: ZoneInfo) -> str:
    last = min(row.answer_by for row in conversations)
    said = {
        "organ": organ.name,
        "day": date_format(last.astimezone(zone).date(), "DATE_FORMAT"),
        "phone": office_phone,
    }
    paragraphs = [
        _("%(organ)s:") % said,
        _(
            "Article 59 of the Legal Aid Law has us consult the courts and other organs on the quality of legal aid. We"
            " ask for your opinion on the work of the lawyers in the cases below. Somebody who knows the case answers"
            " five short items; it takes about two minutes a case. What you cannot judge is marked “Don't know”."
        ),
        *(_item(number, row) for number, row in enumerate(conversations, start=1)),
        _("Please answer by %(day)s. Please name no party to the case.") % said,
        _(
            "The lawyer reads the mean of the items as one part of the assessment, and neither who answered nor your"
            " remarks."
        ),
        issuer_name(organ.centre_id),
    ]
    if office_phone:
        paragraphs.append(_("Telephone: %(phone)s") % said)
    return "\n\n".join(paragraphs)


def _item(number: int, conversation: Conversation) -> str:
    case = conversation.case
    about = {
        "number": number,
        "case": case.number,
        "kind": case.type_and_stage,
        "lawyer": case.lawyer.name,
        "firm": case.firm.name,
        "day": date_format(case.day_closed, "DATE_FORMAT"),
    }
    line = _("%(number)s. %(case)s, %(kind)s; lawyer: %(lawyer)s, %(firm)s; closed on %(day)s") % about
    if case.organ_number:
        line += "\n" + _("Your case number: %(number)s") % {"number": case.organ_number}
    return f"{line}\n{link_of(conversation)}"
