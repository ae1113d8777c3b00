"""Pages of the room, with their paths in full."""

from django.urls import path

from qa_service.privacy.views import erased, kept

app_name = "privacy"
urlpatterns = [
    path("privacy/", kept.kept, name="kept"),
    path("privacy/erased", erased.erased, name="erased"),
    path("privacy/places/<uuid:public_id>/<str:rule>", kept.term, name="term"),
]
