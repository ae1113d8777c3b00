"""What the operator's commands share: one language a run, the terminal's, and a sentence where tables are missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from django.utils.translation import gettext as _


class OperatorCommand(BaseCommand):
    """Everything it says, help and refusals included, is said in `CONSOLE_LANGUAGE`."""

    help: Any = ""  # lazy: read when the help is printed

    def run_from_argv(self, argv: list[str]) -> None:
        with translation.override(settings.CONSOLE_LANGUAGE):
            super().run_from_argv(argv)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        with translation.override(settings.CONSOLE_LANGUAGE):
            self.help = str(self.help)
            return super().create_parser(prog_name, subcommand, **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        with translation.override(settings.CONSOLE_LANGUAGE):
            try:
                return super().execute(*args, **options)
            except DatabaseError as error:
                if MigrationRecorder(connection).has_table():
                    raise
                raise CommandError(_("The database is still empty: run manage.py migrate first.")) from error
