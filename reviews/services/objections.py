"""A lawyer's objection to marks: only the objected items move, and only by people who did not mark."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, users_of_lawyers
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.cases.services.evidence import evidence_changed
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.enums import Anchor, ItemDecision, ObjectionState
from reviews.marking import MarkValue, defects
from reviews.models import CaseReview, Item, ObjectedItem, Objection, ObjectionPaper
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.results import period_used, takes_paper
from reviews.services.assignments import require_untied
from reviews.services.deadlines import OBJECTION_DECISION_DAYS
from reviews.services.independence import require_independent
from reviews.services.marks import MarkEntry, checked_entry, no_hearing_yet
from reviews.services.objection_papers import attach, require_readable
from reviews.services.results import recombine
from reviews.services.scans import Upload
from reviews.services.words import whole
from reviews.stages import out_of_stage

STATEMENT_LIMIT = 4000
CODE_LIMIT = 8
NAMED_AT_MOST = 10


class ObjectionTooLate(Conflict):
    code = "objection_too_late"


class ObjectionExists(Conflict):
    code = "objection_exists"


class NotServedOnPaper(Conflict):
    code = "not_served_on_paper"


class ObjectionDecided(Conflict):
    code = "objection_decided"


class ItemsUnknown(InvalidInput):
    """They stand on no list of this result. A program's mistake, and told as one: the page offers no such item."""

    code = "items_unknown"
    status = 400


class ItemsRepeated(InvalidInput):
    """As much a program's mistake."""

    code = "items_repeated"
    status = 400


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on one item; an upheld one carries the mark that replaces the readers'."""

    item: str
    upheld: bool
    mark: MarkEntry | None = None


def lodge_objection(
    *,
    result: CaseReview,
    items: Sequence[str],
    statement: str,
    papers: Sequence[Upload] = (),
    user: User,
    now: datetime,
) -> Objection:
    """Object to marks of a released result, within ten working days of being told of it.

    :param papers: what the lawyer attaches; nothing can be added later.
    :raises NotPermitted: not the lawyer of the case; :raises ObjectionTooLate: the period is over.
    :raises ObjectionExists: one was lodged against this result; :raises InvalidInput: no item, no statement,
        or one too long. Of papers: as `objection_papers.require_readable`.
    :raises ItemsUnknown, ItemsRepeated: what was named is not taken for what was meant, and nothing is saved.
    """
    require_readable(result.case, papers)
    with transaction.atomic():
        current = _held(result, papers)
        if user.lawyer_id != current.case.lawyer_id:
            raise NotPermitted(_("Only the lawyer who handled the case may object."))
        _require_open(current, on=today_at(current.case.centre, now))
        objection = _lodge(current, items=items, statement=statement, papers=papers, user=user, now=now)
        details = _named(objection)
        record(actor=user.actor, action="reviews.objection_lodged", subject=objection, details=details, at=now)
    return objection


def key_in_objection(
    *,
    result: CaseReview,
    items: Sequence[str],
    statement: str,
    received_on: date | None,
    papers: Sequence[Upload] = (),
    user: User,
    now: datetime,
) -> Objection:
    """Enter the objection that a lawyer without an account handed in on paper, in their own words.

    What came in time counts as in time, whenever somebody types it in.

    :raises NotServedOnPaper: the lawyer was told on their own home and objects there, or was not told yet.
    :raises NotTheirsToGive: `user` has a tie to who handled the case.
    :raises InvalidInput: as `lodge_objection`; no day, or one before the lawyer was told or after today.
    :raises ObjectionTooLate, ObjectionExists, ItemsUnknown, ItemsRepeated: as `lodge_objection`.
    """
    require_readable(result.case, papers)
    with transaction.atomic():
        current = _held(result, papers)
        require_untied(case=current.case, user=user)
        if not takes_paper(current, lawyer_id=current.case.lawyer_id):
            raise NotServedOnPaper(_("Enter an objection here only for a lawyer who was told on paper."))
        came_on = required_day(
            received_on,
            first=_told_at_the_earliest(current),
            last=today_at(current.case.centre, now),
            field="received_on",
            missing=_("Enter the day on which the objection was received."),
            outside=_("The day of receipt lies before the day on which the lawyer was told, or after today."),
        )
        _require_open(current, on=came_on)
        objection = _lodge(
            current, items=items, statement=statement, papers=papers, user=user, received_on=came_on, now=now
        )
        details = _named(objection) | {"received_on": str(came_on)}
        record(actor=user.actor, action="reviews.objection_keyed_in", subject=objection, details=details, at=now)
    return objection


def _held(result: CaseReview, papers: Sequence[Upload]) -> CaseReview:
    """With papers after its case, as whoever makes a result holds both: nobody says meanwhile that it is not copied."""
    if papers:
        Case.objects.locked().get(pk=result.case_id)
    held = CaseReview.objects.select_for_update(of=("self",)).select_related("case__centre__settings", "checklist")
    return held.get(pk=result.pk)


def _told_at_the_earliest(current: CaseReview) -> date:
    return current.served_on or today_at(current.case.centre, current.released_at or current.created_at)


def _named(objection: Objection) -> dict[str, object]:
    codes = objection.items.order_by("pk").values_list("item__code", flat=True)
    return {"items": list(codes), "papers": ObjectionPaper.objects.filter(objection=objection).count()}


def _lodge(
    current: CaseReview,
    *,
    items: Sequence[str],
    statement: str,
    papers: Sequence[Upload],
    user: User,
    received_on: date | None = None,
    now: datetime,
) -> Objection:
    chosen = _chosen(items, standard_of(current.checklist))
    words = whole(statement, limit=STATEMENT_LIMIT, field="statement")
    if not words:
        raise InvalidInput(_("Say why you object."), field="statement")
    objection = Objection.objects.create(
        case=current.case,
        result=current,
        lodged_by=user,
        lodged_at=now,
        received_on=received_on,
        statement=words,
        decide_by=workdays_if_known(received_on or today_at(current.case.centre, now), OBJECTION_DECISION_DAYS),
    )
    ObjectedItem.objects.bulk_create(ObjectedItem(objection=objection, item=item) for item in chosen)
    attach(objection, papers, now=now)
    evidence_changed(current.case_id)
    notify(
        users=people_with(Role.MANAGER, current.case.centre),
        text=gettext_noop("An objection to the review of %(case)s was lodged."),
        params={"case": current.case.number},
        url=f"/reviews/objections/{objection.public_id}",
        now=now,
    )
    return objection


def _require_open(current: CaseReview, *, on: date) -> None:
    if current.superseded_at is not None or not current.told:
        raise ObjectionTooLate(_("This is not the result in force."))
    if current.objection_until is not None and on > current.objection_until:
        raise ObjectionTooLate(
            _("The period for objections ended on %(day)s.") % {"day": current.objection_until.isoformat()}
        )
    if period_used(current):
        raise ObjectionExists(_("An objection to this result has been lodged already."))


def _chosen(items: Sequence[str], standard: Standard) -> list[Item]:
    if not items:
        raise InvalidInput(_("Choose the items you object to."), field="items")
    unknown = sorted(set(items) - standard.items.keys())
    if unknown:
        told = _("These items are not on the checklist of this result: %(items)s. Send the codes that it lists.")
        raise ItemsUnknown(told % {"items": _listed(unknown)}, field="items")
    _require_once(items, field="items")
    return [standard.items[code] for code in items]


def _require_once(codes: Iterable[str], *, field: str) -> None:
    repeated = sorted(code for code, times in Counter(codes).items() if times > 1)
    if repeated:
        told = _("These items are named more than once: %(items)s. Name each once.")
        raise ItemsRepeated(told % {"items": _listed(repeated)}, field=field)


def _listed(codes: Iterable[str]) -> str:
    """Short, whatever was sent."""
    return str(_(", ")).join(code[:CODE_LIMIT] for code in list(codes)[:NAMED_AT_MOST])


@transaction.atomic
def decide_objection(
    *, objection: Objection, rulings: Iterable[Ruling], answer: str, user: User, now: datetime
) -> Objection:
    """Decide every objected item with an answer; upheld items get the new mark, up or down, and nothing else moves.

    :raises NotPermitted: the person read this file or handled the case; :raises ObjectionDecided: done before.
    :raises InvalidInput: an item without a ruling, a ruling on an item that was not objected to, a new mark that lacks
        its reason or page or gives points for a hearing before trial, or no answer.
    :raises ItemsRepeated: two rulings on one item.
    """
    ruled = list(rulings)
    _require_once((ruling.item for ruling in ruled), field="rulings")
    # The case first, as where files are given out: who is made its reader meanwhile is seen, and decides nothing.
    Case.objects.locked().get(pk=objection.case_id)
    row = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("case__centre", "case__client", "result__checklist")
        .get(pk=objection.pk)
    )
    require_independent(case=row.case, user=user)
    if row.state != ObjectionState.LODGED:
        raise ObjectionDecided(_("This objection has been decided."))
    words = whole(answer, limit=STATEMENT_LIMIT, field="answer")
    if not words:
        raise InvalidInput(_("Answer the objection with reasons."), field="answer")
    standard = standard_of(row.result.checklist)
    by_code = {ruling.item: ruling for ruling in ruled}
    items = list(row.items.select_related("item"))
    beside = sorted(by_code.keys() - {item.item.code for item in items})
    if beside:
        raise InvalidInput(_("Nobody objected to this item: its mark stands."), field=beside[0])
    clients = client_names(row.case)
    for item in items:
        _rule(item, by_code.get(item.item.code), standard, case=row.case, clients=clients)
    ObjectedItem.objects.bulk_update(items, ["decision", "anchor", "reason_code", "page", "comment"])
    row.state = ObjectionState.DECIDED
    row.decided_by = user
    row.decided_at = now
    row.answer = words
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    upheld = sorted(item.item.code for item in items if item.decision == ItemDecision.UPHELD)
    record(actor=user.actor, action="reviews.objection_decided", subject=row, details={"upheld": upheld}, at=now)
    if upheld:
        reason = gettext_noop("An objection was upheld.")
        recombine(case=row.case, reason=reason, keep_deadline=True, now=now)
    evidence_changed(row.case_id)
    notify(
        users=users_of_lawyers([row.case.lawyer_id]),
        text=gettext_noop("Your objection to the review of %(case)s has been decided."),
        params={"case": row.case.number},
        url="/reviews/results",
        now=now,
    )
    return row


def _rule(
    item: ObjectedItem, ruling: Ruling | None, standard: Standard, *, case: Case, clients: Collection[str]
) -> None:
    code = item.item.code
    if ruling is None:
        raise InvalidInput(_("Decide on every item objected to."), field=code)
    if not ruling.upheld:
        item.decision = ItemDecision.REJECTED
        return
    if ruling.mark is None or not ruling.mark.anchor:
        raise InvalidInput(_("Give the new mark."), field=f"{code}.anchor")
    values = checked_entry(ruling.mark, standard, clients=clients)
    mark = MarkValue(Anchor(values["anchor"]), values["reason_code"], values["page"])
    if out_of_stage(standard.sheet, {code: mark}, case_type=case.case_type, stage=case.stage):
        raise InvalidInput(no_hearing_yet([code]), field=f"{code}.anchor")
    lacking = [each for each in defects(standard.sheet, {code: mark}) if each.item == code and each.missing != "mark"]
    if lacking:
        raise InvalidInput(_("A deduction needs its reason and its page."), field=f"{code}.{lacking[0].missing}")
    item.decision = ItemDecision.UPHELD
    for field, value in values.items():
        setattr(item, field, value)
