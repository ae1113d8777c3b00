"""`manage.py after_restore`: before a restored service is started, so that no text goes out a second time."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from qa_service.common.commands import OperatorCommand
from surveys.services import doubt_what_waits


class Command(OperatorCommand):
    help = gettext_lazy(
        "Run once after a backup was put back and before the service is started: texts that waited when the backup "
        "was made may have been sent since, so each is looked up at the provider before it is sent."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        count = doubt_what_waits(now=timezone.now())
        told = ngettext(
            "%(count)d waiting text will be looked up at the provider first.",
            "%(count)d waiting texts will be looked up at the provider first.",
            count,
        )
        self.stdout.write(told % {"count": count})
