"""Endpoints below /api/v1/."""

from django.urls import path

from qa_service.privacy.api import erased, kept

urlpatterns = [
    path("privacy/erased", erased.ErasedListView.as_view(), name="api-erased"),
    path("privacy/held-back", erased.HeldBackView.as_view(), name="api-held-back"),
    path("privacy/kept/<str:code>", kept.KeptView.as_view(), name="api-kept"),
    path("privacy/kept/<str:code>/<str:rule>", kept.TermView.as_view(), name="api-kept-term"),
]
