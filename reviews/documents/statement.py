"""抽样说明: from which files a sample was drawn, by which rules, and how it can be drawn again. It names no case."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qa_service.documents.content import Align, Column, Heading, LabelledRows, Paragraph, Sheet, SheetBlock, Table
from reviews.documents.content import StatementContent

_ROW = 24.0
_SMALL = 10.5


def sheet(content: StatementContent) -> Sheet:
    return Sheet(
        title=_("Sampling statement"),
        subline=content.centre,
        blocks=(LabelledRows(_head(content), row_at_least=_ROW), *_figures(content), Paragraph(_repeatable())),
        language=content.language,
        foot=_("Sampling statement · seed %(seed)s · printed %(moment)s")
        % {"seed": content.seed, "moment": date_format(localtime(content.printed_at), "Y-m-d H:i")},
    )


def _head(content: StatementContent) -> tuple[tuple[str, str], ...]:
    days = {"first": date_format(content.first_day, "Y-m-d"), "last": date_format(content.last_day, "Y-m-d")}
    rows = [
        (_("Cases closed from – to"), _("%(first)s to %(last)s") % days),
        (_("Drawn on"), date_format(content.drawn_on, "Y-m-d")),
        (_("Rules"), _("; ").join(content.rules)),
        (_("Random share"), f"{content.rate} %"),
    ]
    if content.figures:
        counts = {"drawn": content.drawn, "frame": content.frame}
        rows.append((_("Files drawn"), _("%(drawn)s of %(frame)s") % counts))
        rows.append((_("Read by two people"), str(content.read_twice)))
    if content.city_wide:
        rows.append((_("City-wide review"), _("Nobody of the centre's own county reads its files.")))
    rows.append((_("Seed"), content.seed))
    if content.digest:
        rows.append((_("Digest of the frame"), content.digest))
    return tuple(rows)


def _figures(content: StatementContent) -> list[SheetBlock]:
    if not content.figures:
        return [Paragraph(untold())]
    strata = tuple((name, str(size), str(random)) for name, size, random in content.strata)
    columns = (
        Column(_("Stratum"), 6),
        Column(_("Cases in the frame"), 2, Align.RIGHT),
        Column(_("At random"), 2, Align.RIGHT),
    )
    blocks: list[SheetBlock] = [Heading(_("Strata of the random share")), Table(columns, strata, size=_SMALL)]
    for title, head, rows in (
        (_("Files drawn"), _("Rule"), content.counts),
        (_("Not in the frame"), _("Reason"), content.excluded),
        (_("Files that another has replaced"), _("Reason"), content.replaced),
        (_("Left out or replaced by"), _("Name"), content.acted),
    ):
        if rows:
            two = (Column(head, 8), Column(_("Files"), 2, Align.RIGHT))
            blocks += [Heading(title), Table(two, tuple((name, str(n)) for name, n in rows), size=_SMALL)]
    return blocks


def untold() -> str:
    return _(
        "No figures are published: people who manage this centre, or their firms, handled cases of this period, and "
        "the figures could tell them what a client said."
    )


def _repeatable() -> str:
    return _(
        "The seed and a key that only the service holds fix the random share: the service can repeat the draw, and "
        "nobody can steer it by the choice of a seed."
    )
