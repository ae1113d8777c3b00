"""A draw as people may see it: nothing of it tells which file a client's feedback put there.

The rule of risk reads what clients said, sealed matters among it. So its share is never counted before the draw (two
previews a day apart would tell of the one case between them), it needs a frame and a random share to hide in, and
nobody asks for it over their own files. Afterwards a sample drawn with it says how many files came at random, and of
no file why: a file that neither the dice nor a rule anybody can check put there was put there by a client.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import handlers_among_staff, own_work
from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput, NotPermitted
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.enums import MANAGING, Family, Rule
from reviews.models import Sample, SampledCase
from reviews.queries.sampling import planned_sample
from reviews.sampling import Plan

LEAST_FRAME = 20
LEAST_SHARE = Decimal("0.05")
# In what is published of a sample: every rule but the random share, told as one number.
BY_RULE = "by_rule"


class RiskWouldTell(InvalidInput):
    code = "risk_would_tell"


class OwnFilesInFrame(NotPermitted):
    code = "own_files_in_frame"


def previewed_sample(
    *,
    user: User,
    centre: Organisation,
    period: Period,
    seed: str,
    rate: Decimal,
    rules: Iterable[Rule],
    twice: Decimal = Decimal(0),
    now: datetime,
) -> Plan:
    """What the rules would draw but for risk, whose files come on top unseen; writes nothing.

    Files that the reader or their firm handled are no part of it, as if there were none: a frame that had lost one
    since a draw, or a random share that held one, would tell them whether theirs was drawn.

    :raises RiskWouldTell, OwnFilesInFrame: the rule of risk may not be used here.
    """
    chosen = list(rules)
    shown = [rule for rule in chosen if rule != Rule.RISK]
    own = own_files(user, centre, period)
    plan = planned_sample(
        centre=centre, period=period, seed=seed, rate=rate, rules=shown, twice=twice, left_out=own, now=now
    )
    require_risk_hidden(user=user, centre=centre, period=period, rate=rate, rules=chosen, frame_size=plan.frame_size)
    return plan


def require_risk_hidden(
    *, user: User, centre: Organisation, period: Period, rate: Decimal, rules: Iterable[Rule], frame_size: int
) -> None:
    """Refuse the rule of risk where what it draws would tell the reader which client said something.

    :param frame_size: cases that can be drawn; with none there is nothing to tell.
    :raises RiskWouldTell, OwnFilesInFrame: as the sentence says.
    """
    chosen = set(rules)
    if Rule.RISK not in chosen:
        return
    if handled_in(user, centre=centre, period=period):
        raise OwnFilesInFrame(
            _(
                "You or your firm handled cases of this period, so you may not draw by the risk rule. Leave that "
                "rule out, or let another person draw."
            ),
            field="rules",
        )
    if not frame_size:
        return
    if frame_size < LEAST_FRAME:
        few = _(
            "With fewer than %(n)s cases to draw from, the risk rule would reveal which client said something. "
            "Leave that rule out, or choose a longer period."
        )
        raise RiskWouldTell(few % {"n": LEAST_FRAME}, field="rules")
    if Rule.RANDOM not in chosen or rate < LEAST_SHARE:
        alone = _(
            "Without a random share of at least %(n)s %%, the risk rule would reveal which client said "
            "something. Draw both together, or leave the risk rule out."
        )
        raise RiskWouldTell(alone % {"n": int(LEAST_SHARE * 100)}, field="rules")


def has_own_files(user: User | AnonymousUser, sample: Sample) -> bool:
    """Whether the reader or their firm handled cases of the frame: then why files came is not theirs to see."""
    return handled_in(user, centre=sample.centre, period=Period(sample.period_start, sample.period_end))


def handled_in(user: User | AnonymousUser, *, centre: Organisation, period: Period) -> bool:
    """Whether the person or their firm handled cases of the centre that closed in the period."""
    return _own_files(user, centre, period).exists()


def handled_by_staff(*, centre: Organisation, period: Period) -> bool:
    """Whether that is so of anybody who may read of the centre's samples."""
    own = handlers_among_staff(centre, *MANAGING)
    cases = Case.objects.filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end)
    return cases.filter(Q(lawyer__in=own.lawyers) | Q(firm__in=own.firms)).exists()


def files_shown(user: User | AnonymousUser, sample: Sample) -> QuerySet[SampledCase]:
    """The sample's files but those that the reader or their firm handled: a client's word may have put them there."""
    return sample.cases.exclude(own_work(user))


def own_files(user: User | AnonymousUser, centre: Organisation, period: Period) -> frozenset[int]:
    """Ids of the cases of the centre, closed in the period, that the person or their firm handled."""
    return frozenset(_own_files(user, centre, period).values_list("pk", flat=True))


def _own_files(user: User | AnonymousUser, centre: Organisation, period: Period) -> QuerySet[Case]:
    closed = Case.objects.filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end)
    return closed.filter(own_work(user, lawyer="lawyer", firm="firm"))


def stratum_shown(name: str) -> str:
    """A stratum in the reader's words."""
    family, quarter = name.split(" ")
    year, number = quarter.split("-")
    words = {"family": Family(family).label, "year": year, "quarter": number}
    return _("%(family)s, %(year)s quarter %(quarter)s") % words


def tells_why(sample: Sample) -> bool:
    return Rule.RISK not in sample.statement["rules"]


def published_statement(sample: Sample, user: User | AnonymousUser) -> dict[str, Any]:
    """The statement as its reader may see it: where risk drew, files at random and the others as one number.

    Who has files of their own in the frame reads how many files of others were drawn, and nothing beside it: from any
    second figure their own would follow, from the digest too, which anybody can reckon with and without a file.
    """
    if has_own_files(user, sample):
        drawn = files_shown(user, sample).count()
        return {
            **sample.statement,
            "drawn": drawn,
            "read_twice": None,
            "digest": "",
            "counts": {},
            "strata": [],
            "excluded": [],
        }
    if tells_why(sample):
        return dict(sample.statement)
    at_random = sample.statement["counts"].get(Rule.RANDOM, 0)
    counts = {Rule.RANDOM.value: at_random, BY_RULE: sample.statement["drawn"] - at_random}
    return {**sample.statement, "counts": counts}
