"""回访记录表. It stays in the centre's follow-up binder: no lawyer or firm reads one client's answers."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.documents.content import Align, Column, Heading, LabelledRows, Paragraph, Sheet, SheetBlock, Table
from surveys.documents.content import Answered, RecordContent
from surveys.documents.wording import minute

NOTHING = "—"
_HEAD_ROW = 28.0


def sheet(content: RecordContent) -> Sheet:
    return Sheet(
        title=_("Follow-up record"),
        subline=content.centre,
        blocks=(
            LabelledRows(_head(content), row_at_least=_HEAD_ROW),
            *_answers(content),
            *_later(content),
            *_attempts(content),
            LabelledRows(_signatures()),
        ),
        language=content.language,
        foot=_("Receipt %(receipt)s · printed %(moment)s by %(who)s")
        % {"receipt": content.receipt or NOTHING, "moment": minute(content.printed_at), "who": content.printed_by},
    )


def _head(content: RecordContent) -> tuple[tuple[str, str], ...]:
    when = minute(content.recorded_at)
    way = _("%(way)s (late)") % {"way": content.way} if content.late else content.way
    return (
        (_("Case number"), content.case_number),
        (_("Kind of case"), content.case_class),
        (_("Client"), content.client),
        (_("Telephone number"), content.phone or NOTHING),
        (_("Dealt with by"), _("%(lawyer)s, %(firm)s") % {"lawyer": content.lawyer, "firm": content.firm}),
        (_("Way of follow-up"), way),
        (_("Who answered"), content.answerer),
        (_("Recorded"), _("%(moment)s by %(who)s") % {"moment": when, "who": content.recorded_by}),
    )


def _answers(content: RecordContent) -> list[SheetBlock]:
    columns = (
        Column(pgettext("record", "No."), 1, Align.CENTRE),
        Column(_("Question"), 6),
        Column(pgettext("record", "Answer"), 4),
    )
    rows = tuple((str(item.number), item.text, _answer(item)) for item in content.answers)
    note = _(
        "“—”: left open, or kept apart. What concerns money, gifts or meals is never written on this sheet but kept"
        " sealed, and with it whatever else was said in that interview."
    )
    return [Heading(_("What was said")), Table(columns, rows), Paragraph(note)]


def _answer(item: Answered) -> str:
    if not item.answer or item.own_at is None:
        return item.answer or NOTHING
    said = {"answer": item.answer, "way": item.own_way, "moment": minute(item.own_at)}
    return _("%(answer)s (%(way)s, %(moment)s)") % said


def _later(content: RecordContent) -> list[SheetBlock]:
    columns = (Column(_("Question"), 6), Column(_("First"), 3), Column(_("Kept beside the first"), 3))
    blocks: list[SheetBlock] = []
    for entry in content.later:
        said = {"way": entry.way, "moment": minute(entry.at), "who": entry.by, "answerer": entry.answerer}
        rows = tuple((text, first or NOTHING, later or NOTHING) for text, first, later in entry.rows)
        blocks += [
            Heading(_("Kept beside the first")),
            Paragraph(
                _("%(way)s, %(moment)s, answered by: %(answerer)s, recorded by %(who)s. The first answers stand.")
                % said
            ),
            Table(columns, rows) if rows else Paragraph(_("As far as may be shown here both say the same.")),
        ]
    return blocks


def _attempts(content: RecordContent) -> list[SheetBlock]:
    columns = (
        Column(_("When"), 3),
        Column(pgettext("record", "How"), 2),
        Column(_("What became of it"), 4),
        Column(pgettext("record", "By"), 2),
    )
    rows = tuple(
        (
            minute(item.at),
            item.way,
            _("%(outcome)s: %(note)s") % {"outcome": item.outcome, "note": item.note} if item.note else item.outcome,
            item.by,
        )
        for item in content.attempts
    )
    return [Heading(_("Contacts")), Table(columns, rows)] if rows else []


def _signatures() -> tuple[tuple[str, str], ...]:
    return (
        (_("Signature of the member of staff"), ""),
        (_("Signature of the client (visit only)"), ""),
        (
            _("Kept"),
            _("In the follow-up binder of the office. Not to be shown to the person or firm that dealt with the case."),
        ),
    )
