"""Signing in and out, one's own settings."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from qa_service.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("password", views.ChangePassword.as_view(), name="password"),
    path("preferences", views.preferences, name="preferences"),
    path("language", views.choose_language, name="language"),
    path("people", views.people, name="people"),
    path("people/new", views.new_person, name="new-person"),
    path("people/<uuid:public_id>/roles", views.give_role, name="give-role"),
    path("people/<uuid:public_id>/roles/<int:grant_id>/withdraw", views.take_role, name="take-role"),
]
