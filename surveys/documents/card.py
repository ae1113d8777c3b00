"""The closing card. Others may read it, so it names no person, no case and no office."""

from django.utils.translation import gettext as _

from qa_service.documents.content import Heading, Paragraph, Sheet, SheetBlock
from surveys.documents.content import CardContent
from surveys.documents.wording import code_box, day


def sheet(content: CardContent) -> Sheet:
    return Sheet(
        title=_("Follow-up card"),
        subline=_("Please keep this card."),
        blocks=(*_caller(content), *_self(content)),
        language=content.language,
        foot=_("Code %(code)s") % {"code": content.offer.spaced},
    )


def _caller(content: CardContent) -> list[SheetBlock]:
    span = {"first": day(content.first_day), "last": day(content.last_day)}
    hours = {"opens": f"{content.opens:%H:%M}", "closes": f"{content.closes:%H:%M}"}
    told = [
        _("A member of our follow-up staff, never the person who dealt with your matter."),
        _("Between %(first)s and %(last)s, from %(opens)s to %(closes)s, not on public holidays.") % (span | hours),
        _(
            "We ask for no money, no password, no bank card and no code from a text message. Nobody needs your code"
            " but you."
        ),
        _("If you would rather not be called, tell us at this number."),
    ]
    blocks: list[SheetBlock] = [
        Paragraph(_("A matter you brought to us is finished. We would like to hear how it went.")),
        Heading(_("Who will call")),
        Paragraph(told[0]),
    ]
    if content.office_phone:
        blocks += [
            Heading(_("From which number")),
            Paragraph(
                _("%(phone)s. If in doubt, hang up and call this number yourself.") % {"phone": content.office_phone},
            ),
        ]
    return [*blocks, Heading(_("When")), *(Paragraph(text) for text in told[1:])]


def _self(content: CardContent) -> list[SheetBlock]:
    begins = _("From %(day)s on you can also answer by yourself:") % {"day": day(content.first_day)}
    return [Heading(_("Without waiting")), Paragraph(begins), code_box(content.offer)]
