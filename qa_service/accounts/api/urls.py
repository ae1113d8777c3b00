"""Tokens: signing in by password gives one, hashed at rest; signing out ends it."""

from django.urls import path

from qa_service.accounts.api.views import SignInView, SignOutView, WhoAmIView

urlpatterns = [
    path("sign-in", SignInView.as_view(), name="api-sign-in"),
    path("sign-out", SignOutView.as_view(), name="api-sign-out"),
    path("me", WhoAmIView.as_view(), name="api-me"),
]
