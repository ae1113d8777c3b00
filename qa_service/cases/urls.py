"""Pages of the room, with their paths in full."""

from django.urls import path

from qa_service.cases.views import cases, clients, imports, plans, unconfirmed

app_name = "cases"
urlpatterns = [
    path("cases/", cases.case_list, name="list"),
    path("cases/<uuid:public_id>/clients/", clients.clients, name="clients"),
    path("cases/<uuid:public_id>/clients/<uuid:client_id>/off", clients.take_off, name="client-off"),
    path("cases/import", imports.start, name="import"),
    path("cases/import/<uuid:public_id>/", imports.job_page, name="import-job"),
    path("cases/import/<uuid:public_id>/confirm", imports.confirm, name="import-confirm"),
    path("cases/import/<uuid:public_id>/report.csv", imports.report, name="import-report"),
    path("cases/unconfirmed", unconfirmed.unconfirmed, name="unconfirmed"),
    path("cases/unconfirmed/confirm", unconfirmed.confirm_shown, name="confirm-shown"),
    path("cases/unconfirmed/<str:kind>/<uuid:public_id>", unconfirmed.confirm, name="confirm"),
    path("cases/people/<uuid:public_id>/contact", plans.plan, name="contact-plan"),
    path("cases/people/<uuid:public_id>/contact/confirm", plans.confirm, name="contact-plan-confirm"),
    path("cases/people/<uuid:public_id>/contact/guardian", plans.guardian_number, name="contact-plan-guardian"),
    path("cases/<uuid:public_id>/", cases.case_detail, name="detail"),
    path("cases/<uuid:public_id>/phone", cases.reveal, name="reveal-phone"),
]
