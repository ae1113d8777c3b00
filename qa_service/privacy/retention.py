"""What this room keeps itself."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Keeping

KEEPING: Final = Keeping(
    without=(
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
