"""How long a centre or a bureau keeps what a rule is about: set within the rule's bounds, and recorded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import InvalidInput, NotFound
from qa_service.organisations.models import Organisation
from qa_service.privacy.models import RetentionTerm
from qa_service.privacy.queries.terms import Kept, kept_by
from qa_service.privacy.rooms import is_local, rules_by_key


class RuleUnknown(NotFound):
    code = "rule_unknown"


class TermNotYours(InvalidInput):
    """The law, or the whole service, has one term for it."""

    code = "term_not_set_here"


@transaction.atomic
def set_term(*, user: User, place: Organisation, rule: str, days: int | None, now: datetime) -> Kept:
    """Keep so many days from tonight on; None: as long as the place above, or the default, says.

    :raises RuleUnknown: there is no such rule.
    :raises TermNotYours: no place sets this term.
    :raises InvalidInput: outside the bounds.
    """
    found = rules_by_key().get(rule)
    if found is None:
        raise RuleUnknown(_("There is no such rule."))
    if not is_local(found) or found.term is None:
        raise TermNotYours(_("This term is the same everywhere and cannot be set here."), field="days")
    if days is not None and not found.term.shortest <= days <= found.term.longest:
        text = _("Give between %(shortest)d and %(longest)d days.")
        bounds = {"shortest": found.term.shortest, "longest": found.term.longest}
        raise InvalidInput(text % bounds, field="days")
    before = kept_by(found, place).days
    if days is None:
        RetentionTerm.objects.filter(organisation=place, rule=rule).delete()
    else:
        RetentionTerm.objects.update_or_create(organisation=place, rule=rule, defaults={"days": days})
    after = kept_by(found, place)
    details = {"rule": rule, "days": [before, after.days]}
    record(actor=user.actor, action="privacy.term_set", subject=place, details=details, at=now)
    return after
