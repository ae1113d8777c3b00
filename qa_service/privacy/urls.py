"""Pages of the room, with their paths in full."""

from django.urls import path

from qa_service.privacy.views import erased, kept, people, requests

app_name = "privacy"
urlpatterns = [
    path("privacy/", kept.kept, name="kept"),
    path("privacy/erased", erased.erased, name="erased"),
    path("privacy/places/<uuid:public_id>/<str:rule>", kept.term, name="term"),
    path("privacy/requests", requests.register, name="requests"),
    path("privacy/requests/<uuid:public_id>", requests.request_page, name="request"),
    path("privacy/requests/<uuid:public_id>/correct", requests.correct, name="request-correct"),
    path("privacy/requests/<uuid:public_id>/copy", requests.copy, name="request-copy"),
    path("privacy/people", people.people, name="people"),
    path("privacy/people/<uuid:public_id>", people.person, name="person"),
]
