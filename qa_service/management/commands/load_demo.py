"""`manage.py load_demo`: the invented county, once."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from qa_service import demo
from qa_service.common.errors import DomainError


class Command(BaseCommand):
    help = "Migrate and load the demo county unless it is there already; print its accounts."

    @no_translations
    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        try:
            loaded = demo.load_demo(now=timezone.now())
        except DomainError as refusal:
            raise CommandError(
                f"{refusal.message} The demo wants an empty data folder: set DATA_DIR to another."
            ) from refusal
        self.stdout.write("The demo county is loaded." if loaded else "The demo county was loaded before.")
        self.stdout.write(f"  Its export, to try the import with: {settings.DATA_DIR / demo.KEPT_FILE}")
        self.stdout.write(demo.accounts_table())
