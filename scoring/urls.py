"""Pages of the room, with their paths in full."""

from django.urls import path

from scoring.views import notices, proposals, report, results, standings, verify

app_name = "scoring"
urlpatterns = [
    path("scoring/standings", standings.table, name="standings"),
    path("scoring/scores", results.scores, name="scores"),
    path("scoring/my-results", results.my_results, name="my-results"),
    path("scoring/firm-results", results.firm_results, name="firm-results"),
    path("scoring/cases/<uuid:case_id>", results.case_result, name="case-result"),
    path("scoring/proposals", proposals.queue, name="proposals"),
    path("scoring/proposals/<uuid:public_id>", proposals.proposal_page, name="proposal"),
    path("scoring/proposals/<uuid:public_id>/ask", proposals.ask, name="ask"),
    path("scoring/proposals/<uuid:public_id>/key-in", proposals.key_in, name="key-in"),
    path("scoring/proposals/<uuid:public_id>/decide", proposals.decide_page, name="decide"),
    path("scoring/proposals/<uuid:public_id>/stop-display", proposals.stop, name="stop-display"),
    path("scoring/proposals/<uuid:public_id>/draft", proposals.draft, name="draft"),
    path("scoring/proposals/<uuid:public_id>/issue", proposals.issue, name="issue"),
    path("scoring/proposals/<uuid:public_id>/finish-task", proposals.finish_task, name="finish-task"),
    path("scoring/statements/<uuid:public_id>", proposals.statement_page, name="statement"),
    path("scoring/notices", notices.notice_list, name="notices"),
    path("scoring/notices/<uuid:public_id>", notices.notice_page, name="notice"),
    path("scoring/notices/<uuid:public_id>/file", notices.notice_file, name="notice-file"),
    path("scoring/notices/<uuid:public_id>/withdraw", notices.withdraw, name="withdraw"),
    path("scoring/notices/<uuid:public_id>/acknowledge", notices.acknowledge, name="acknowledge"),
    path("scoring/notices/<uuid:public_id>/appeal", notices.appeal, name="appeal"),
    path("scoring/notices/<uuid:public_id>/served", notices.serve, name="serve-notice"),
    path("scoring/notices/<uuid:public_id>/appeal-on-paper", notices.key_in, name="key-in-appeal"),
    path("scoring/notices/<uuid:public_id>/answer-appeal", notices.answer_appeal, name="answer-appeal"),
    path("scoring/report", report.report, name="report"),
    path("scoring/report.pdf", report.report_pdf, name="report-pdf"),
    path("scoring/report.xlsx", report.report_xlsx, name="report-xlsx"),
    path("v/", verify.verify_form, name="verify-form"),
    path("v/displays", verify.displays, name="displays"),
    path("v/<str:code>", verify.verify_notice, name="verify"),
]
