"""Endpoints below /api/v1/."""

from django.urls import path

from qa_service.privacy.api import kept

urlpatterns = [
    path("privacy/kept/<str:code>", kept.KeptView.as_view(), name="api-kept"),
    path("privacy/kept/<str:code>/<str:rule>", kept.TermView.as_view(), name="api-kept-term"),
]
