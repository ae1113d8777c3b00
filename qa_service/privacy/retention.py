"""What this room keeps itself."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Field, Ground, Hold, Keeping, Part, Rule, Term
from qa_service.privacy.enums import RequestKind
from qa_service.privacy.models import PersonRequest

REQUESTS: Final = Rule(
    key="privacy.requests",
    title=_("Requests about personal data: who asked, what for, what was answered"),
    purpose=_("To answer within the time, and to show afterwards that it was answered"),
    ground=Ground.REQUEST,
    since=_("the answer"),
    term=Term(days=1095, shortest=1095, longest=1825),
    parts=(
        Part(
            model=PersonRequest,
            fields=(
                Field("asker_name", _("Who asked")),
                Field("wanted", _("What was asked for")),
                Field("reason", _("Reason of the answer")),
            ),
            since="done_on",
            place="centre",
            person="client",
            stamp="erased_at",
            beside=(
                (_("Kind"), "kind"),
                (_("Received on"), "received_on"),
                (_("Decision"), "state"),
                (_("Day"), "done_on"),
            ),
        ),
    ),
)

KEEPING: Final = Keeping(
    rules=(REQUESTS,),
    holds=(
        Hold(
            key="privacy.request",
            label=_("The person has asked to see, or to have put right, what is held; the answer is due."),
            rows=lambda _day: PersonRequest.objects.open().exclude(kind=RequestKind.ERASURE),
            client="client",
        ),
    ),
    without=(
        (_("keys of rules, counts and days"), ("privacy.PersonRequest.outcome",)),
        (
            _("names of rules and time zones, and how far a sweep has got"),
            (
                "privacy.RetentionTerm.rule",
                "privacy.Sweep.zone",
                "privacy.Sweep.rule",
                "privacy.Sweep.after",
                "privacy.Erased.rule",
                "privacy.HeldBack.zone",
                "privacy.HeldBack.rule",
                "privacy.HeldBack.hold",
            ),
        ),
        (_("the life sign of the worker"), ("shell.Heartbeat.name",)),
    ),
)
