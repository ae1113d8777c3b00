"""`manage.py generate_country`: an invented country, to see how everything goes at its size."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service import demo
from qa_service.checks import refuse_to_migrate_halfway
from qa_service.common.commands import OperatorCommand
from qa_service.common.errors import DomainError
from qa_service.country import CHUNK, Size, generate_country

SAID_EVERY = 20 * CHUNK


class Command(OperatorCommand):
    help = gettext_lazy(
        "Fill an empty database with an invented country, to see how the service goes at its size; its centres are "
        "marked as the demo's are, so that no text to a real telephone leaves them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        size = Size()
        for name, told in (
            ("cases", gettext_lazy("Closed cases, each with its client")),
            ("lawyers", gettext_lazy("Lawyers, in firms of ten")),
            ("centres", gettext_lazy("Centres with their stations, below cities and provinces")),
            ("read", gettext_lazy("Percent of the cases whose file was reviewed and that were weighed")),
            ("answered", gettext_lazy("Percent of the cases whose client answered")),
            ("years", gettext_lazy("Years over which the closings are spread, until yesterday")),
        ):
            usual = getattr(size, name)
            parser.add_argument(f"--{name}", type=int, default=usual, help=f"{told} ({usual})")

    def handle(self, *_args: Any, **options: Any) -> None:
        refuse_to_migrate_halfway()
        asked = {name: options[name] for name in ("cases", "lawyers", "centres", "read", "answered", "years")}
        size = Size(**asked)
        try:
            for done in generate_country(size=size, now=timezone.now()):
                if done % SAID_EVERY == 0:
                    self.stdout.write(_("%(done)s of %(all)s cases") % {"done": f"{done:,}", "all": f"{size.cases:,}"})
        except DomainError as refusal:
            text = _("%(why)s A country wants an empty database: give DATABASE_URL another and migrate it.")
            raise CommandError(text % {"why": refusal.message}) from refusal
        told = _("%(cases)s cases of %(lawyers)s lawyers at %(centres)s centres.")
        self.stdout.write(told % {name: f"{asked[name]:,}" for name in ("cases", "lawyers", "centres")})
        self.stdout.write(
            _("Accounts: supervisor, operator, manager, lawyer. Password: %(it)s") % {"it": demo.PASSWORD}
        )
