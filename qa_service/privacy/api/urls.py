"""Endpoints below /api/v1/."""

from django.urls import path

from qa_service.privacy.api import erased, kept, people, requests

urlpatterns = [
    path("privacy/erased", erased.ErasedListView.as_view(), name="api-erased"),
    path("privacy/held-back", erased.HeldBackView.as_view(), name="api-held-back"),
    path("privacy/kept/<str:code>", kept.KeptView.as_view(), name="api-kept"),
    path("privacy/kept/<str:code>/<str:rule>", kept.TermView.as_view(), name="api-kept-term"),
    path("privacy/people", people.PeopleView.as_view(), name="api-person-look-up"),
    path("privacy/requests", requests.PersonRequestsView.as_view(), name="api-person-requests"),
    path("privacy/requests/<uuid:public_id>", requests.PersonRequestView.as_view(), name="api-person-request"),
    path("privacy/requests/<uuid:public_id>/answer", requests.PersonAnswerView.as_view(), name="api-person-answer"),
    path(
        "privacy/requests/<uuid:public_id>/correction",
        people.PersonCorrectionView.as_view(),
        name="api-person-correction",
    ),
    path("privacy/requests/<uuid:public_id>/copy", people.PersonCopyView.as_view(), name="api-person-copy"),
]
