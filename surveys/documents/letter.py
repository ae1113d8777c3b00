"""征询意见函: a letter to a court or other organ with the form it sends back. It names no client."""

from django.utils.translation import gettext as _

from qa_service.documents.content import Heading, LabelledRows, PageBreak, Paragraph, Sheet, SheetBlock
from surveys.documents.content import LetterContent
from surveys.documents.form import ticked
from surveys.documents.wording import code_box, day

_ROW = 24.0
_SIGNATURE_ROW = 66.0
# English words take a second row for each item's boxes.
_LINES_FOR_TEXT, _LINES_IN_ENGLISH = 3, 1


def sheet(content: LetterContent) -> Sheet:
    return Sheet(
        title=_("Request for an opinion"),
        subline=_("on the handling of a legal-aid case"),
        blocks=(*_letter(content), PageBreak(), *_form(content)),
        language=content.language,
        foot=_("%(case)s · code %(code)s") % {"case": content.case_number, "code": content.offer.spaced},
    )


def _letter(content: LetterContent) -> list[SheetBlock]:
    last = {"day": day(content.return_by)}
    said = [
        _("%(unit)s:") % {"unit": content.unit},
        _(
            "Article 59 of the Legal Aid Law has us consult the courts and other organs on the quality of legal aid."
            " Please let somebody who knows the case below answer: five short items and, if you like, a remark."
        ),
    ]
    if content.reminder:
        said.insert(1, _("We have asked before. If your answer has crossed this letter, please ignore it."))
    back = _(
        "Please tick the form overleaf and send it back, or hand it to our staff, by %(day)s. What you cannot judge is"
        " ticked as “Don't know”."
    )
    told = _("The lawyer reads the mean of the items, and neither who signed nor your remarks. Please name no party.")
    return [
        *(Paragraph(text) for text in said),
        LabelledRows(_case(content), row_at_least=_ROW),
        Paragraph(back % last),
        *_by_link(content),
        Paragraph(told),
        *_sender(content),
    ]


def _case(content: LetterContent) -> tuple[tuple[str, str], ...]:
    theirs = ((_("Your case number"), content.organ_number),) if content.organ_number else ()
    return (
        *theirs,
        (_("Legal-aid case"), content.case_number),
        (_("Kind of case"), content.case_class),
        (_("Handled by"), _("%(lawyer)s, %(firm)s") % {"lawyer": content.lawyer, "firm": content.firm}),
        (_("Closed on"), day(content.closed_on)),
    )


def _by_link(content: LetterContent) -> list[SheetBlock]:
    if not content.by_link:
        return []
    words = (
        _("Instead of on paper: scan the square, or open"),
        content.offer.address,
        _("and type the code of this letter."),
    )
    return [code_box(content.offer, words=words)]


def _sender(content: LetterContent) -> list[SheetBlock]:
    signed = _("%(centre)s, %(day)s") % {"centre": content.centre, "day": day(content.written_on)}
    lines = [signed, _("Telephone: %(phone)s") % {"phone": content.office_phone} if content.office_phone else ""]
    lines += [_("Address: %(address)s") % {"address": content.postal_address} if content.postal_address else ""]
    return [Paragraph(line) for line in lines if line]


def _form(content: LetterContent) -> list[SheetBlock]:
    lines = _LINES_FOR_TEXT if content.language.startswith("zh") else _LINES_IN_ENGLISH
    about = {"case": content.case_number, "lawyer": content.lawyer}
    return [
        Heading(_("Form: %(case)s, handled by %(lawyer)s") % about),
        Paragraph(_("Please put one tick (√) for each item.")),
        *(ticked(asked, lines_for_text=lines) for asked in content.questions),
        LabelledRows(
            ((_("Signature with post, seal, date"), ""),),
            row_at_least=_SIGNATURE_ROW,
        ),
        *_back_to(content),
    ]


def _back_to(content: LetterContent) -> list[SheetBlock]:
    """The form comes back without its letter, and the envelope is often the first thing lost."""
    if not content.postal_address:
        return []
    where = {"centre": content.centre, "address": content.postal_address, "day": day(content.return_by)}
    return [Paragraph(_("Please send this form back by %(day)s to: %(address)s, %(centre)s") % where)]
