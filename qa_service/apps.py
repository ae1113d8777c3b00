"""The shell as an app: it owns the management commands and the system checks."""

from importlib import import_module

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "qa_service"
    label = "shell"

    def ready(self) -> None:
        import_module("qa_service.checks")  # registers them; it needs the models, so not at the top
