"""Tokens, people and the tree. Signing in by password gives a token, hashed at rest; signing out ends it."""

from django.urls import path

from qa_service.accounts.api.people import CloseView, FirstPasswordView, PeopleView, ReopenView, RolesView, RoleView
from qa_service.accounts.api.places import CentreSettingsView, FirmsView, FirmView, OrganisationsView, OrganisationView
from qa_service.accounts.api.views import SignInView, SignOutView, WhoAmIView

urlpatterns = [
    path("sign-in", SignInView.as_view(), name="api-sign-in"),
    path("sign-out", SignOutView.as_view(), name="api-sign-out"),
    path("me", WhoAmIView.as_view(), name="api-me"),
    path("people", PeopleView.as_view(), name="api-people"),
    path("people/<uuid:public_id>/roles", RolesView.as_view(), name="api-person-roles"),
    path("people/<uuid:public_id>/roles/<int:grant_id>", RoleView.as_view(), name="api-person-role"),
    path("people/<uuid:public_id>/first-password", FirstPasswordView.as_view(), name="api-first-password"),
    path("people/<uuid:public_id>/close", CloseView.as_view(), name="api-close-account"),
    path("people/<uuid:public_id>/reopen", ReopenView.as_view(), name="api-reopen-account"),
    path("organisations", OrganisationsView.as_view(), name="api-organisations"),
    path("organisations/<str:code>", OrganisationView.as_view(), name="api-organisation"),
    path("firms", FirmsView.as_view(), name="api-firms"),
    path("firms/<uuid:public_id>", FirmView.as_view(), name="api-firm"),
    path("centres/<str:code>/settings", CentreSettingsView.as_view(), name="api-centre-settings"),
]
