"""Who is not being heard, with its words, for every face."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, ClientGroup, ContactReason, Gender, SpokenLanguage
from surveys.documents.figures.content import About, DimensionLines, GroupLine, HeardContent
from surveys.figures.heard import OLDEST, Dimension, Group
from surveys.queries.figures.heard import WhoIsHeard, who_is_heard
from surveys.queries.figures.scope import Choice
from surveys.queries.figures.told import rate_lines
from surveys.queries.figures.words import share_words

DIMENSIONS: Mapping[str, Any] = {
    "case_type": gettext_lazy("Type of case"),
    "age": gettext_lazy("Age"),
    "gender": gettext_lazy("Gender"),
    "group": gettext_lazy("Group of people"),
    "township": gettext_lazy("Township"),
    "language": gettext_lazy("Language"),
    "barrier": gettext_lazy("Contact plan: why no texts"),
}
AGES: Mapping[str, Any] = {
    "under_18": pgettext_lazy("age", "under 18"),
    "18_34": pgettext_lazy("age", "18 to 34"),
    "35_59": pgettext_lazy("age", "35 to 59"),
    "60_74": pgettext_lazy("age", "60 to 74"),
    OLDEST: pgettext_lazy("age", "75 and over"),
}
NAMES: Mapping[str, Mapping[str, Any]] = {
    "case_type": dict(CaseType.choices),
    "age": AGES,
    "gender": dict(Gender.choices),
    "group": dict(ClientGroup.choices),
    "language": dict(SpokenLanguage.choices),
    "barrier": dict(ContactReason.choices),
}


def heard_content(*, user: User, choice: Choice, about: About, now: datetime) -> HeardContent:
    """In the active language."""
    found = who_is_heard(user=user, choice=choice, now=now)
    told = tuple(sentence for each in found.dimensions for sentence in _sentences(each))
    return HeardContent(
        about=about,
        finding=_finding(found, told),
        told=told,
        begun=found.reach.begun,
        still_open=found.still_open,
        rates=rate_lines(found.reach),
        dimensions=tuple(_dimension(each) for each in found.dimensions if each.groups or each.rest),
    )


def _finding(found: WhoIsHeard, told: tuple[str, ...]) -> str:
    if not found.reach.begun:
        return _("No follow-up in this selection is over yet.")
    if found.reach.response.small:
        return _("%(begun)d follow-ups are over: too few to draw anything from.") % {"begun": found.reach.begun}
    if not told:
        return _("No group is clearly less heard than the others.")
    return ngettext(
        "%(count)d group is clearly less heard than the others.",
        "%(count)d groups are clearly less heard than the others.",
        len(told),
    ) % {"count": len(told)}


def _sentences(of: Dimension) -> Iterator[str]:
    for group in of.under_heard:
        told = {"dimension": DIMENSIONS[of.code], "group": _name(of.code, group.group)}
        if group.under_heard:
            told |= {"mine": share_words(group.answered), "others": share_words(group.others_answered)}
            yield _("%(dimension)s, %(group)s: %(mine)s answered, of all others %(others)s.") % told
        else:
            told |= {"mine": share_words(group.reached), "others": share_words(group.others_reached)}
            yield _("%(dimension)s, %(group)s: %(mine)s were reached, of all others %(others)s.") % told


def _dimension(of: Dimension) -> DimensionLines:
    lines = [_line(of.code, each, _name(of.code, each.group)) for each in of.groups]
    if of.rest is not None:
        folded = ngettext("%(count)d smaller group", "%(count)d smaller groups together", of.folded)
        lines.append(_line("", of.rest, folded % {"count": of.folded}))
    return DimensionLines(code=of.code, label=str(DIMENSIONS[of.code]), lines=tuple(lines))


def _line(code: str, group: Group, label: str) -> GroupLine:
    return GroupLine(
        code=group.group if code else "rest",
        label=label,
        begun=group.begun,
        reached=group.reached,
        answered=group.answered,
        of_reached=group.of_reached,
        of_unreached=group.of_unreached,
        flag=_flag(group) if code else "",
    )


def _flag(group: Group) -> str:
    if group.under_heard:
        return _("answers less than the others")
    return _("is reached less than the others") if group.under_reached else ""


def _name(dimension: str, group: str) -> str:
    """A township is its own name; what nobody entered is not known."""
    names = NAMES.get(dimension, {})
    return str(names.get(group, group)) or _("not known")
