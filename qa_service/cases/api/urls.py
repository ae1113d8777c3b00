"""Endpoints below /api/v1/."""

from django.urls import path

from qa_service.cases.api import views

urlpatterns = [
    path("cases", views.CaseListView.as_view(), name="api-cases"),
    path("cases/<uuid:public_id>", views.CaseDetailView.as_view(), name="api-case"),
    path("cases/<uuid:public_id>/clients", views.CaseClientsView.as_view(), name="api-case-clients"),
    path(
        "cases/<uuid:public_id>/clients/<uuid:client_id>/off",
        views.CaseClientOffView.as_view(),
        name="api-case-client-off",
    ),
    path("centres/<str:code>/cases/import", views.CentreImportView.as_view(), name="api-centre-import"),
    # Numbers hold strokes: 〔2026〕第12号/一.
    path("centres/<str:code>/cases/<path:number>", views.CentreCaseView.as_view(), name="api-centre-case"),
    path("imports/<uuid:public_id>", views.ImportView.as_view(), name="api-import"),
    path("imports/<uuid:public_id>/confirm", views.ImportConfirmView.as_view(), name="api-import-confirm"),
]
