"""Many processes, PostgreSQL, a real broker, TLS in front: everything from the environment, nothing by default."""

from django.core.exceptions import ImproperlyConfigured

from qa_service.settings.base import *  # noqa: F403
from qa_service.settings.base import DEMO, env

for _name in (
    "SECRET_KEY",
    "DATABASE_URL",
    "BROKER_URL",
    "PUBLIC_BASE_URL",
    "ENCRYPTION_KEYS",
    "INDEX_KEY",
    "CACHE_URL",
):
    if not env.str(_name, default=""):
        message = f"{_name} must be set in production; see docs/operation.md"
        raise ImproperlyConfigured(message)
if DEMO:
    message = "DEMO cannot be set in production; use qa_service.settings.embedded"
    raise ImproperlyConfigured(message)

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, before TLS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Browsers take these from this host alone, over TLS alone: no neighbour under the same domain plants one.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrftoken"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
