"""The one URL root."""

from django.urls import include, path

from qa_service import health, homes
from qa_service.accounts.views.own import api_reference
from qa_service.common.description import DescriptionView

urlpatterns = [
    path("", homes.home, name="home"),
    path("notifications/read", homes.read_notifications, name="read-notifications"),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("qa_service.accounts.urls")),
    # Rooms write their paths in full: pages under their own name, and the few public doors (/s/, /o/, /v/, /webhooks/).
    path("", include("qa_service.cases.urls")),
    path("", include("surveys.urls")),
    path("", include("reviews.urls")),
    path("", include("scoring.urls")),
    path("", include("qa_service.privacy.urls")),
    path("api/v1/schema/", DescriptionView.as_view(), name="api-schema"),
    path("api/v1/docs/", api_reference, name="api-docs"),
    path("api/v1/", include("qa_service.accounts.api.urls")),
    path("api/v1/", include("qa_service.cases.api.urls")),
    path("api/v1/", include("surveys.api.urls")),
    path("api/v1/", include("reviews.api.urls")),
    path("api/v1/", include("scoring.api.urls")),
    path("api/v1/", include("qa_service.privacy.api.urls")),
]

handler400 = "qa_service.homes.bad_request"
handler404 = "qa_service.homes.not_found"
handler500 = "qa_service.homes.server_error"
