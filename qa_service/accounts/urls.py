"""Signing in and out, one's own settings, people, centres."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from qa_service.accounts.views import centres, names, own, people

app_name = "accounts"
urlpatterns = [
    path("sign-in", own.SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("password", own.ChangePassword.as_view(), name="password"),
    path("preferences", own.preferences, name="preferences"),
    path("language", own.choose_language, name="language"),
    path("people", people.people, name="people"),
    path("people/new", people.new_person, name="new-person"),
    path("people/<uuid:public_id>/", people.person_page, name="person"),
    path("people/<uuid:public_id>/password", people.first_password, name="first-password"),
    path("people/<uuid:public_id>/close", people.close, name="close-account"),
    path("people/<uuid:public_id>/reopen", people.reopen, name="reopen-account"),
    path("people/<uuid:public_id>/roles", people.give_role, name="give-role"),
    path("people/<uuid:public_id>/roles/<int:grant_id>/withdraw", people.take_role, name="take-role"),
    path("centres", centres.centres, name="centres"),
    path("centres/new", centres.new_centre, name="new-centre"),
    path("centres/<uuid:public_id>/", centres.centre_settings, name="centre-settings"),
    path("centres/<uuid:public_id>/name", names.rename_place, name="rename-place"),
    path("firms", names.firms, name="firms"),
    path("firms/<uuid:public_id>/name", names.rename_firm, name="rename-firm"),
]
