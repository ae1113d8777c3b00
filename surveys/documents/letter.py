"""征询意见函: a letter to a court or other organ with the form it sends back. It names no client."""

from django.utils.translation import gettext as _

from qa_service.documents.content import Heading, LabelledRows, PageBreak, Paragraph, Sheet, SheetBlock
from surveys.documents.content import LetterContent
from surveys.documents.form import ticked
from surveys.documents.wording import IN_LETTERS, code_box, day

_ROW, _ROW_AMONG_MORE = 24.0, 19.0
# A form is one side of a sheet, and where it goes back to stands on it: the line for it is taken from the remark.
# English words take a second row for each item's boxes, so there the letter says it.
_SIGNATURE_ROW, _SIGNATURE_ROW_IN_ENGLISH = 66.0, 40.0
_LINES_FOR_TEXT, _LINES_WITH_ADDRESS, _LINES_IN_ENGLISH = 3, 2, 1


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
            "Under Article 59 of the Legal Aid Law we consult courts and other organs on legal aid. Please let somebody"
            " who knows the case below answer five short items."
        ),
    ]
    if content.reminder:
        said.insert(1, _("A reminder: please ignore it if you have answered."))
    back = _(
        "Please tick the form overleaf and send it back, or hand it to our staff, by %(day)s. What you cannot judge is"
        " ticked as “Don't know”."
    )
    told = _("The lawyer reads the mean of the items, and neither who signed nor your remarks. Please name no party.")
    return [
        *(Paragraph(text) for text in said),
        LabelledRows(_case(content), row_at_least=_ROW_AMONG_MORE if content.organ_number else _ROW),
        Paragraph(back % last),
        *_by_link(content),
        Paragraph(told),
        *_sender(content),
    ]


def _case(content: LetterContent) -> tuple[tuple[str, str], ...]:
    closed = day(content.closed_on)
    both = _("%(kind)s, closed on %(day)s") % {"kind": content.case_class, "day": content.closed_on.isoformat()}
    rows = (
        (_("Legal-aid case"), content.case_number),
        (_("Kind of case"), both if content.organ_number else content.case_class),
        (_("Handled by"), _("%(lawyer)s, %(firm)s") % {"lawyer": content.lawyer, "firm": content.firm}),
    )
    # As many rows either way, so that the letter stays on its side.
    return (
        ((_("Your number"), content.organ_number), *rows) if content.organ_number else (*rows, (_("Closed on"), closed))
    )


def _by_link(content: LetterContent) -> list[SheetBlock]:
    if not content.by_link:
        return []
    words = (
        _("Instead of on paper: scan the square, or open"),
        content.offer.address,
        _("and type the code of this letter."),
    )
    return [code_box(content.offer, words=words, size=IN_LETTERS)]


def _sender(content: LetterContent) -> list[SheetBlock]:
    signed = _("%(centre)s, %(day)s") % {"centre": content.centre, "day": day(content.written_on)}
    lines = [signed, _("Telephone: %(phone)s") % {"phone": content.office_phone} if content.office_phone else ""]
    if content.postal_address and not _in_chinese(content):
        lines.append(_("Address: %(address)s") % {"address": content.postal_address})
    return [Paragraph(line) for line in lines if line]


def _form(content: LetterContent) -> list[SheetBlock]:
    room = _LINES_WITH_ADDRESS if content.postal_address else _LINES_FOR_TEXT
    lines = room if _in_chinese(content) else _LINES_IN_ENGLISH
    about = {"case": content.case_number, "lawyer": content.lawyer}
    return [
        Heading(_("Form: %(case)s, handled by %(lawyer)s") % about),
        Paragraph(_("Please put one tick (√) for each item.")),
        *(ticked(asked, lines_for_text=lines) for asked in content.questions),
        LabelledRows(
            ((_("Signature with post, seal, date"), ""),),
            row_at_least=_SIGNATURE_ROW if _in_chinese(content) else _SIGNATURE_ROW_IN_ENGLISH,
        ),
        *_back_to(content),
    ]


def _in_chinese(content: LetterContent) -> bool:
    return content.language.startswith("zh")


def _back_to(content: LetterContent) -> list[SheetBlock]:
    """The form comes back without its letter, and the envelope is often the first thing lost."""
    if not content.postal_address or not _in_chinese(content):
        return []
    where = _("%(address)s, %(centre)s") % {"address": content.postal_address, "centre": content.centre}
    return [LabelledRows(((_("Back to"), where),), row_at_least=_ROW_AMONG_MORE)]
