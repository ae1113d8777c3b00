"""Publishing the method by which evidence is weighed."""

from datetime import datetime
from decimal import InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.errors import InvalidInput
from scoring.calculation import digest, rules_of
from scoring.defaults import default_scheme
from scoring.models import Scheme

SYSTEM = Actor.system("setup")


class SchemeInvalid(InvalidInput):
    code = "scheme_invalid"


@transaction.atomic
def publish_default_scheme(*, now: datetime) -> Scheme:
    """Publish the default method where none is in force; the one in force is returned as it stands."""
    current = Scheme.objects.published().order_by("-version").first()
    return current or publish_scheme(rules=default_scheme(), actor=SYSTEM, now=now)


@transaction.atomic
def publish_scheme(*, rules: dict[str, Any], actor: Actor, now: datetime) -> Scheme:
    """Put a method in force as the next version. Scores made before keep theirs until their evidence changes.

    :raises SchemeInvalid: a part is missing or is no figure.
    """
    try:
        rules_of(1, rules)
    except (KeyError, ValueError, TypeError, InvalidOperation) as fault:
        raise SchemeInvalid(_("This scheme contradicts itself."), field="rules") from fault
    last = Scheme.objects.aggregate(last=Max("version"))["last"] or 0
    scheme = Scheme.objects.create(version=last + 1, rules=rules, digest=digest(rules), published_at=now)
    record(actor=actor, action="scoring.scheme_published", subject=scheme, details={"version": scheme.version}, at=now)
    return scheme
