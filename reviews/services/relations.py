"""Whose files a reviewer must not read by their own word: declared, and taken back with the reason."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.queries import people_with
from qa_service.audit.services import record
from qa_service.common.errors import InvalidInput, NotPermitted
from qa_service.notifications.services import notify
from qa_service.organisations.models import Firm, Lawyer
from reviews.models import Assignment, Relation
from reviews.queries.tied import open_files_touched
from reviews.services.returns import DECLARED, take_back
from reviews.services.words import whole

REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Declared:
    """`given_back`: open files of that lawyer or firm which the reviewer held, and holds no more."""

    relation: Relation
    given_back: tuple[Assignment, ...]


@transaction.atomic
def declare_relation(*, lawyer: Lawyer | None = None, firm: Firm | None = None, user: User, now: datetime) -> Declared:
    """A reviewer says in advance whose files they must not read. It lasts: a manager hears of it from nobody else.

    Files of theirs that they hold go back to the managers by the same act; what they have handed in is looked at by
    the sweep that asks ties again.

    :raises InvalidInput: neither or both are named.
    """
    if (lawyer is None) == (firm is None):
        raise InvalidInput(_("Name a lawyer or a firm."), field="whom")
    row, made = Relation.objects.get_or_create(
        reviewer=user, lawyer=lawyer, firm=firm, taken_back_at=None, defaults={"declared_at": now}
    )
    if made:
        record(actor=user.actor, action="reviews.relation_declared", subject=row, at=now)
    held = open_files_touched(row)
    given_back = take_back(
        # Always in the same order, so that two who give back at once wait for one another and end.
        held.order_by("case_id").values_list("pk", flat=True),
        why=DECLARED,
        still=held,
        actor=user.actor,
        by=user,
        now=now,
    )
    return Declared(row, tuple(given_back))


@transaction.atomic
def take_back_relation(*, relation: Relation, reason: str, user: User, now: datetime) -> Relation:
    """It is over, or was declared by mistake; a second time changes nothing. The managers are told who did it.

    :raises NotPermitted: it is another's; :raises InvalidInput: no reason is given.
    """
    row = Relation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if row.reviewer_id != user.pk:
        raise NotPermitted(_("Only who declared a relation takes it back."))
    if row.taken_back_at is not None:
        return row
    why = whole(reason, limit=REASON_LIMIT, field="reason")
    if not why:
        raise InvalidInput(_("Say why the relation no longer stands."), field="reason")
    row.taken_back_at, row.taken_back_reason = now, why
    row.save(update_fields=["taken_back_at", "taken_back_reason"])
    record(actor=user.actor, action="reviews.relation_taken_back", subject=row, at=now)
    notify(
        users=_managers_over(user),
        text=gettext_noop("%(who)s has taken back a declared relation. The reason stands with their terms."),
        params={"who": str(user)},
        url=f"/reviews/reviewers/{user.public_id}",
        now=now,
    )
    return row


def _managers_over(reviewer: User) -> list[User]:
    """Of every place where they review."""
    grants = Grant.objects.filter(user=reviewer, role=Role.REVIEWER, organisation__isnull=False)
    places = [grant.organisation for grant in grants.select_related("organisation")]
    found = {person.pk: person for place in places if place for person in people_with(Role.MANAGER, place)}
    return [person for pk, person in found.items() if pk != reviewer.pk]
