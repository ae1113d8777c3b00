"""The addresses of the service, and one behind which a library quotes what it could not read."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from qa_service.urls import handler400, handler404, handler500
from qa_service.urls import urlpatterns as served
from tests.qa_service.privacy.canary import NAME, PHONE

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


def broken(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(int(f"{NAME} {PHONE}")))


urlpatterns = [*served, path("broken", broken), path("api/broken", broken)]
