"""What this room keeps itself."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Keeping

KEEPING: Final = Keeping(
    without=(
        (_("names of rules"), ("privacy.RetentionTerm.rule",)),
        (_("the life sign of the worker"), ("shell.Heartbeat.name",)),
    ),
)
