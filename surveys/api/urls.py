"""Endpoints below /api/v1/."""

from django.urls import path

from surveys.api import views

urlpatterns = [
    path("surveys/conversations", views.ConversationListView.as_view(), name="api-conversations"),
    path("surveys/conversations/<uuid:public_id>", views.ConversationView.as_view(), name="api-conversation"),
    path("surveys/conversations/<uuid:public_id>/calls", views.CallView.as_view(), name="api-conversation-calls"),
    path(
        "surveys/conversations/<uuid:public_id>/interview",
        views.InterviewView.as_view(),
        name="api-conversation-interview",
    ),
    path("surveys/telephone-list", views.TelephoneListView.as_view(), name="api-telephone-list"),
    path("surveys/funnel", views.FunnelView.as_view(), name="api-funnel"),
]
