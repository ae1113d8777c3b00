"""Drawing a sample: what was previewed is what is drawn, or nothing is."""

from collections.abc import Container, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.enums import ReaderOrder, Rule
from reviews.models import FrameExclusion, Sample, SampledCase
from reviews.queries.previews import own_files, require_risk_hidden
from reviews.queries.sampling import planned_sample
from reviews.sampling import Plan, weight_of
from reviews.services.asking_firms import ask_firms

BATCH = 1000


class FrameChanged(Conflict):
    code = "frame_changed"


class SeedUsed(Conflict):
    code = "seed_used"


class NothingDrawn(InvalidInput):
    code = "nothing_drawn"


@transaction.atomic
def draw_sample(
    *,
    centre: Organisation,
    period: Period,
    seed: str,
    rate: Decimal,
    rules: Iterable[Rule],
    twice: Decimal = Decimal(0),
    city_wide: bool = False,
    frame_digest: str = "",
    user: User,
    now: datetime,
) -> Sample:
    """Confirm a draw. The same seed at the same centre is the same draw, so that a second click changes nothing.

    Two who draw at one centre at once wait for one another; the files drawn are held until the draw is done, so that
    nobody leaves one out or takes it into a calibration round meanwhile.

    :param rate: share of each stratum, 0 to 1; `twice`: of the drawn files, those that two people read.
    :param city_wide: people of the centre's own county do not read its files.
    :param frame_digest: the preview's; empty where nobody previewed.
    :raises SeedUsed: the seed has drawn a sample of another period, share or rules.
    :raises FrameChanged: cases have come or gone since the preview.
    :raises NothingDrawn: no case of the period is drawn by these rules.
    :raises RiskWouldTell, OwnFilesInFrame: the rule of risk may not be used here.
    """
    chosen = sorted(set(rules))
    Organisation.objects.select_for_update(no_key=True).get(pk=centre.pk)
    done = Sample.objects.filter(centre=centre, seed=seed).first()
    if done is not None:
        return _the_same(done, (period.start, period.end, rate, chosen, twice, city_wide))
    plan = planned_sample(centre=centre, period=period, seed=seed, rate=rate, rules=chosen, twice=twice, now=now)
    require_risk_hidden(user=user, centre=centre, period=period, rate=rate, rules=chosen, frame_size=plan.frame_size)
    _require_as_previewed(plan, frame_digest, own=own_files(user, centre, period))
    _hold(plan)
    sample = Sample.objects.create(
        centre=centre,
        period_start=period.start,
        period_end=period.end,
        seed=seed,
        rate=rate,
        frame_size=plan.frame_size,
        statement=statement_of(plan, chosen, twice=twice),
        city_wide=city_wide,
        drawn_by=user,
        drawn_at=now,
    )
    _store(sample, plan)
    ask_firms(sample=sample, now=now)
    details = {"drawn": len(plan.draws), "frame": plan.frame_size, "seed": seed, "digest": plan.frame_digest}
    record(actor=user.actor, action="reviews.sample_drawn", subject=sample, details=details, at=now)
    return sample


def require_preview(frame_digest: str) -> None:
    """A program may draw unseen; whoever draws on a page confirms what it showed.

    :raises FrameChanged: nothing was shown.
    """
    if not frame_digest:
        raise FrameChanged(_("You have not seen what would be drawn. Look at the preview, then draw."))


def _the_same(done: Sample, asked: tuple[date, date, Decimal, list[Rule], Decimal, bool]) -> Sample:
    said = done.statement
    twice = Decimal(said.get("twice", "0"))
    if asked != (done.period_start, done.period_end, done.rate, said["rules"], twice, done.city_wide):
        raise SeedUsed(_("This seed has drawn another sample. Choose a new one."), field="seed")
    return done


def _require_as_previewed(plan: Plan, frame_digest: str, *, own: Container[int]) -> None:
    """Of files of their `own`, whoever draws could preview nothing."""
    if frame_digest and frame_digest != plan.digest_without(own):
        raise FrameChanged(_("The cases of this period have changed since the preview. Look at it again."))
    if not plan.draws:
        raise NothingDrawn(_("These rules draw no file from this period."))


def _hold(plan: Plan) -> None:
    """In the order in which everybody holds several cases; what was left out since the frame was read is not drawn."""
    drawn = sorted(draw.case_id for draw in plan.draws)
    for start in range(0, len(drawn), BATCH):
        ids = drawn[start : start + BATCH]
        list(Case.objects.locked().filter(pk__in=ids).order_by("pk").only("pk"))
        if FrameExclusion.objects.filter(case__in=ids, taken_back_at=None).exists():
            raise FrameChanged(_("The cases of this period have changed since the preview. Look at it again."))


def _store(sample: Sample, plan: Plan) -> None:
    rows = (
        SampledCase(
            sample=sample,
            case_id=draw.case_id,
            stratum=draw.stratum,
            reasons=list(draw.reasons),
            probability=round(draw.probability, 8),
            weight=round(weight_of(draw), 6),
            readers=ReaderOrder.SECOND if draw.twice else ReaderOrder.FIRST,
        )
        for draw in plan.draws
    )
    try:
        with transaction.atomic():
            SampledCase.objects.bulk_create(rows, batch_size=BATCH)
    except IntegrityError as error:  # another draw took one of these cases in the meantime
        raise FrameChanged(_("The cases of this period have changed since the preview. Look at it again.")) from error


def statement_of(plan: Plan, rules: Iterable[Rule], *, twice: Decimal) -> dict[str, Any]:
    """What is published of a draw: enough to repeat it, and no case numbers beyond the count."""
    return {
        "rules": list(rules),
        "drawn": len(plan.draws),
        "twice": str(twice),
        "read_twice": plan.read_twice,
        "digest": plan.frame_digest,
        "counts": dict(plan.counts()),
        "strata": [{"name": s.name, "size": s.size, "random": s.random} for s in plan.strata],
        "excluded": [{"number": each.number, "reason": each.reason} for each in plan.excluded],
    }
