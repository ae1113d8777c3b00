"""The questionnaire on paper. Its first page tells nobody what it is about; the questions begin on the next."""

from django.utils.translation import gettext as _

from qa_service.documents.content import Heading, PageBreak, Paragraph, Sheet, SheetBlock, Ticked
from surveys.documents.content import Asked, FormContent
from surveys.documents.wording import code_box, day

LINES_FOR_TEXT = 9  # they take most of the page they stand on


def sheet(content: FormContent) -> Sheet:
    return Sheet(
        title=_("Service follow-up"),
        subline=_("How is it? Please tell us.") if content.under_way else _("How was it? Please tell us."),
        blocks=(*_cover(content), PageBreak(), *_questions(content), *_end(content)),
        language=content.language,
        foot=_("Code %(code)s") % {"code": content.offer.spaced},
    )


def _cover(content: FormContent) -> list[SheetBlock]:
    paragraphs = [
        _("Hello. We would like to hear how you find the service so far.")
        if content.under_way
        else _("Hello. A matter you brought to us is finished. We would like to hear how it went."),
        _("Whether and how you answer has no effect on any of your rights. You need not write your name."),
        _("Unless you agree, the person who dealt with your matter does not learn who said it."),
    ]
    back = [
        _("Put a tick (√) in the box before your answer. Leave out what you do not want to answer."),
        _("Then fold the sheets inwards, close the reply envelope, and post it or hand it to any member of our staff."),
        _("Please give it back by %(day)s. What comes later is read as well.") % {"day": day(content.return_by)},
    ]
    if content.office_phone:
        telephone = _(
            "You may also call %(phone)s and say the code: we read the questions to you and write down your answers."
        )
        back.append(telephone % {"phone": content.office_phone})
    return [
        *(Paragraph(text) for text in paragraphs),
        Heading(_("How to fill it in and give it back")),
        *(Paragraph(f"{number}. {text}") for number, text in enumerate(back, start=1)),
        Heading(_("Without the sheet")),
        code_box(content.offer),
    ]


def _questions(content: FormContent) -> list[SheetBlock]:
    return [Heading(_("Begin here")), *(ticked(asked) for asked in content.questions)]


def ticked(asked: Asked, *, lines_for_text: int = LINES_FOR_TEXT) -> Ticked:
    lines = lines_for_text if asked.free_text else int(asked.asks_when)
    return Ticked(
        number=f"{asked.number}.",
        text=asked.text,
        hint=" ".join(part for part in (_condition(asked), asked.hint) if part),
        choices=asked.choices,
        lines=lines,
    )


def _condition(asked: Asked) -> str:
    """Paper cannot leave out a question, so it says who need not answer it."""
    if not asked.only_if:
        return ""
    sentence = _("question %(number)s: %(choices)s")
    opened_by = [sentence % {"number": number, "choices": _(", ").join(choices)} for number, choices in asked.only_if]
    return _("(Only if you ticked, in %(conditions)s.)") % {"conditions": _("; or in ").join(opened_by)}


def _end(content: FormContent) -> list[SheetBlock]:
    thanks = [_("Thank you. Please fold the sheets inwards and give them back.")]
    if content.centre:
        thanks.append(content.centre)
    if content.office_phone:
        thanks.append(_("Telephone: %(phone)s") % {"phone": content.office_phone})
    return [Paragraph(text) for text in thanks]
