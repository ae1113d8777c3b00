"""`manage.py load_demo`: the invented county, once."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service import demo
from qa_service.checks import refuse_to_migrate_halfway
from qa_service.common.commands import OperatorCommand
from qa_service.common.errors import DomainError


class Command(OperatorCommand):
    help = gettext_lazy("Migrate and load the demo county unless it is there already; print its accounts.")

    def handle(self, *_args: Any, **_options: Any) -> None:
        refuse_to_migrate_halfway()
        call_command("migrate", interactive=False, verbosity=0)
        try:
            loaded = demo.load_demo(now=timezone.now())
        except DomainError as refusal:
            text = _("%(why)s The demo wants an empty data folder: set DATA_DIR to another.")
            raise CommandError(text % {"why": refusal.message}) from refusal
        self.stdout.write(_("The demo county is loaded.") if loaded else _("The demo county was loaded before."))
        told = _("Its export, to try the import with: %(file)s")
        self.stdout.write(f"  {told % {'file': settings.DATA_DIR / demo.KEPT_FILE}}")
        self.stdout.write(demo.accounts_table())
