"""Endpoints below /api/v1/."""

from django.urls import path

from scoring.api import clocks, decisions, measures, report, report_orders, rules, scores, tasks

urlpatterns = [
    path("scores", scores.ScoreListView.as_view(), name="api-scores"),
    path("cases/<uuid:case_id>/score", scores.CaseScoreView.as_view(), name="api-case-score"),
    path("standings", scores.StandingsView.as_view(), name="api-standings"),
    path("clocks", clocks.ClocksView.as_view(), name="api-clocks"),
    path("proposals", decisions.ProposalList.as_view(), name="api-proposals"),
    path("proposals/<uuid:public_id>", decisions.ProposalDetail.as_view(), name="api-proposal"),
    path("proposals/<uuid:public_id>/statement-request", decisions.StatementRequest.as_view(), name="api-ask"),
    path("proposals/<uuid:public_id>/keyed-statement", decisions.KeyedStatement.as_view(), name="api-key-in"),
    path("proposals/<uuid:public_id>/decision", decisions.ProposalDecision.as_view(), name="api-decide"),
    path("proposals/<uuid:public_id>/stop-display", decisions.DisplayStop.as_view(), name="api-stop-display"),
    path("proposals/<uuid:public_id>/draft", decisions.ProposalDraft.as_view(), name="api-draft"),
    path("proposals/<uuid:public_id>/decision-paper", decisions.DecisionPaper.as_view(), name="api-decision-paper"),
    path(
        "notices/<uuid:public_id>/appeal-decision",
        decisions.AppealDecisionPaper.as_view(),
        name="api-appeal-decision",
    ),
    path("proposals/<uuid:public_id>/issue", decisions.ProposalIssue.as_view(), name="api-issue"),
    path("proposals/<uuid:public_id>/statement", decisions.LawyersStatement.as_view(), name="api-statement"),
    path("proposals/<uuid:public_id>/finish-task", tasks.TaskClosing.as_view(), name="api-finish-task"),
    path("proposals/<uuid:public_id>/return-task", tasks.TaskReturn.as_view(), name="api-return-task"),
    path("proposals/<uuid:public_id>/keyed-report", tasks.KeyedReport.as_view(), name="api-key-in-report"),
    path("corrective-tasks", tasks.TaskList.as_view(), name="api-tasks"),
    path("corrective-tasks/<uuid:public_id>/report", tasks.TaskReporting.as_view(), name="api-report-task"),
    path("proposals/<uuid:public_id>/meetings", decisions.PanelMeetings.as_view(), name="api-meetings"),
    path("proposals/<uuid:public_id>/referral", measures.ReferralSending.as_view(), name="api-refer"),
    path(
        "proposals/<uuid:public_id>/authority-answer", measures.AuthorityAnswer.as_view(), name="api-authority-answer"
    ),
    path("assignment-measures", measures.MeasureList.as_view(), name="api-measures"),
    path("assignment-measures/<uuid:public_id>/end", measures.MeasureEnd.as_view(), name="api-end-measure"),
    path("rules", rules.RuleList.as_view(), name="api-rules"),
    path("rules/<str:code>/versions", rules.RuleVersions.as_view(), name="api-publish-rule"),
    path("notices", decisions.NoticeList.as_view(), name="api-notices"),
    path("notices/<uuid:public_id>", decisions.NoticeDetail.as_view(), name="api-notice"),
    path("notices/<uuid:public_id>/withdraw", decisions.NoticeWithdrawal.as_view(), name="api-withdraw"),
    path("notices/<uuid:public_id>/acknowledge", decisions.NoticeAcknowledgement.as_view(), name="api-acknowledge"),
    path("notices/<uuid:public_id>/appeal", decisions.NoticeAppeal.as_view(), name="api-appeal"),
    path("notices/<uuid:public_id>/service", decisions.NoticeService.as_view(), name="api-serve-notice"),
    path("notices/<uuid:public_id>/keyed-appeal", decisions.KeyedAppeal.as_view(), name="api-key-in-appeal"),
    path("notices/<uuid:public_id>/answer-appeal", decisions.AppealAnswer.as_view(), name="api-answer-appeal"),
    path("report", report.ReportView.as_view(), name="api-report"),
    path("report.pdf", report.ReportPaperView.as_view(), name="api-report-pdf"),
    path("report.xlsx", report.ReportWorkbookView.as_view(), name="api-report-xlsx"),
    path("report.csv", report.ReportFileView.as_view(), name="api-report-csv"),
    path("report-orders", report_orders.OrderList.as_view(), name="api-report-orders"),
    path("report-orders/<uuid:public_id>", report_orders.OrderDetail.as_view(), name="api-report-order"),
    path("report-orders/<uuid:public_id>/file", report_orders.OrderFile.as_view(), name="api-report-order-file"),
    path("report-wish", report_orders.Wish.as_view(), name="api-report-wish"),
    path("lawyers/<uuid:public_id>/file", report.LawyerFileView.as_view(), name="api-lawyer-file"),
    path("verification/<str:code>", decisions.Verification.as_view(), name="api-verification"),
]
