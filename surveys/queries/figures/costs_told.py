"""What an answer costs, with its words, for every face."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.accounts.models import User
from qa_service.common.rounding import half_up
from surveys.documents.figures.content import About, CostLine, CostsContent
from surveys.figures.costs import WayCost
from surveys.queries.figures.costs import CostOfAsking, cost_of_asking
from surveys.queries.figures.scope import Choice
from surveys.queries.figures.words import WAYS

KINDS: Mapping[str, Any] = {
    "part": gettext_lazy("parts of texts"),
    "reply": gettext_lazy("replies"),
    "call": gettext_lazy("calls"),
    "visit": gettext_lazy("visits"),
    "letter": gettext_lazy("letters"),
    "sheet": gettext_lazy("paper forms"),
}


def costs_content(*, user: User, choice: Choice, about: About, now: datetime) -> CostsContent:
    """In the active language."""
    found = cost_of_asking(user=user, choice=choice, now=now)
    lines = tuple(_line(each) for each in found.ways)
    return CostsContent(about=about, currency=found.currency, finding=_finding(found, lines[0]), lines=lines)


def _finding(found: CostOfAsking, whole: CostLine) -> str:
    if not whole.answered:
        return _("Nobody in this selection has answered yet.")
    told = {"count": whole.answered, "money": whole.per_answer, "currency": found.currency}
    if whole.per_answer is None:
        return _("What an answer costs is not known: no prices are set.")
    if whole.at_least:
        return _("One of %(count)d answers costs at least %(money)s %(currency)s; some prices are not set.") % told
    return _("One of %(count)d answers costs %(money)s %(currency)s.") % told


def _line(cost: WayCost) -> CostLine:
    some = bool(cost.acts)
    return CostLine(
        code=cost.way.value,
        label=str(WAYS[cost.way]),
        acts=tuple((str(KINDS[kind]), n) for kind, n in cost.acts),
        answered=cost.answered,
        money=half_up(cost.known) if not cost.unpriced or cost.known else None,
        at_least=bool(cost.unpriced),
        per_answer=_rounded(cost.per_answer, some=some),
        minutes=cost.minutes if not cost.untimed or cost.minutes else None,
        minutes_at_least=bool(cost.untimed),
        minutes_per_answer=_rounded(cost.minutes_per_answer, some=some),
        not_known=_not_known(cost),
    )


def _rounded(figure: Decimal | None, *, some: bool) -> Decimal | None:
    """An answer that nothing of ours was done for has no cost of this way."""
    return half_up(figure) if figure is not None and some else None


def _not_known(cost: WayCost) -> str:
    """How many acts have no price, and no minutes."""
    missing = [_("without a price: %(acts)d") % {"acts": cost.unpriced}] if cost.unpriced else []
    missing += [_("without minutes: %(acts)d") % {"acts": cost.untimed}] if cost.untimed else []
    return _("; ").join(missing)
