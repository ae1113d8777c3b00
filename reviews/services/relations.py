"""Whose files a reviewer must not read by their own word: declared, and taken back with the reason."""

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
from reviews.models import Relation
from reviews.services.words import whole

REASON_LIMIT = 200


@transaction.atomic
def declare_relation(*, lawyer: Lawyer | None = None, firm: Firm | None = None, user: User, now: datetime) -> Relation:
    """A reviewer says in advance whose files they must not read. It lasts: a manager hears of it from nobody else.

    Files of theirs that they hold are given back by themselves with a reason, or refused when they are handed in.

    :raises InvalidInput: neither or both are named.
    """
    if (lawyer is None) == (firm is None):
        raise InvalidInput(_("Name a lawyer or a firm."), field="whom")
    row, made = Relation.objects.get_or_create(
        reviewer=user, lawyer=lawyer, firm=firm, taken_back_at=None, defaults={"declared_at": now}
    )
    if made:
        record(actor=user.actor, action="reviews.relation_declared", subject=row, at=now)
    return row


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
