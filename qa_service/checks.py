"""What `manage.py check --deploy` says beyond Django: settings that would hurt a client or fail too late."""

from collections.abc import Sequence
from typing import Any, Final

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.db import connection

from qa_service.documents.fonts import fonts_ready
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import holds_demo_data

Apps = Sequence[AppConfig] | None
REAL_GATEWAYS: Final = frozenset({"twilio"})
TWILIO_SETTINGS: Final = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID")
SHORTEST_KEY: Final = 32


@register(Tags.security, deploy=True)
def keys_are_strong_and_apart(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's call
    found: list[CheckMessage] = []
    if len(settings.INDEX_KEY) < SHORTEST_KEY:
        found.append(Error(f"INDEX_KEY has fewer than {SHORTEST_KEY} characters.", id="shell.E001"))
    if not settings.ENCRYPTION_KEYS or not all(map(_is_fernet_key, settings.ENCRYPTION_KEYS)):
        hint = (
            "Make one with: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        )
        found.append(Error("ENCRYPTION_KEYS must hold Fernet keys, the newest first.", hint=hint, id="shell.E002"))
    if len({settings.SECRET_KEY, settings.INDEX_KEY, *settings.ENCRYPTION_KEYS}) < 2 + len(settings.ENCRYPTION_KEYS):
        found.append(Error("SECRET_KEY, INDEX_KEY and ENCRYPTION_KEYS must differ from each other.", id="shell.E003"))
    return found


@register(Tags.security)
def gateway_is_complete(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A gateway that is half configured would take texts in and sign nothing."""
    if settings.SMS_GATEWAY != "twilio":
        return []
    found: list[CheckMessage] = [
        Error(f"SMS_GATEWAY=twilio needs {name}.", hint="See docs/operation.md.", id="shell.E004")
        for name in TWILIO_SETTINGS
        if not getattr(settings, name)
    ]
    if not settings.PUBLIC_BASE_URL.startswith("https://"):
        message = "PUBLIC_BASE_URL must be the https address that the provider calls: its signature covers it."
        found.append(Error(message, id="shell.E005"))
    if settings.DEMO:
        message = "The demo's people are invented: DEMO refuses a gateway that reaches real telephones."
        found.append(Error(message, id="shell.E006"))
    return found


@register(Tags.database)
def demo_people_are_never_texted(
    app_configs: Apps,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Reads the database, so it runs with `check --database default` and before every migration."""
    if databases and settings.SMS_GATEWAY in REAL_GATEWAYS and _table_exists() and holds_demo_data():
        message = f"This database holds the demo county; it refuses SMS_GATEWAY={settings.SMS_GATEWAY}."
        return [Error(message, hint="Start a real centre on an empty database.", id="shell.E007")]
    return []


@register("documents", deploy=True)
def fonts_are_ready(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    if fonts_ready():
        return []
    message = "The fonts of documents are not prepared yet; the first notice will wait for them (manage.py fonts)."
    return [Info(message, id="shell.I001")]


@register(Tags.security, deploy=True)
def addresses_are_named(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    if "*" in settings.ALLOWED_HOSTS:
        return [checks.Warning("ALLOWED_HOSTS=* accepts links that name any host.", id="shell.W001")]
    return []


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _table_exists() -> bool:
    """Before the first migration there is nothing to look into."""
    return CentreSettings._meta.db_table in connection.introspection.table_names()
