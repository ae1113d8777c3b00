"""The suite: SQLite unless TEST_DATABASE_URL names a PostgreSQL, an in-memory broker unless TEST_BROKER_URL does."""

import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from qa_service.settings.base import *  # noqa: F403
from qa_service.settings.base import BASE_DIR, database, env

SECRET_KEY = "only-for-tests"  # noqa: S105
ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
INDEX_KEY = "only-for-tests"
_room = tempfile.TemporaryDirectory(prefix="legal-aid-tests-")  # goes with the process
DATA_DIR = Path(_room.name)
MEDIA_ROOT = DATA_DIR / "files"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()
# The faces of documents are cut once a checkout, not once a run.
_FONTS = BASE_DIR / "var" / "test-fonts"
_FONTS.mkdir(parents=True, exist_ok=True)
(DATA_DIR / "fonts").symlink_to(_FONTS)
DATABASES = {"default": database(env.str("TEST_DATABASE_URL", default="sqlite:///:memory:"))}
if env.str("TEST_DATABASE_NAME", default=""):
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME")}
CELERY_BROKER_URL = env.str("TEST_BROKER_URL", default="memory://")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_GATEWAY = "memory"
ALLOWED_HOSTS = ["*"]
PUBLIC_BASE_URL = "https://qa.example.org"
AXES_ENABLED = False
CONSOLE_LANGUAGE = "en"
# Else each of the suite's 2,600 clients reads every static file before its first request.
WHITENOISE_AUTOREFRESH = True
