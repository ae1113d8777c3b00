"""Endpoints of file review."""

from django.urls import path

from reviews.api import managing, reading, standards

urlpatterns = [
    path("checklists", standards.ChecklistList.as_view(), name="api-checklists"),
    path("checklists/<uuid:checklist_id>", standards.ChecklistDetail.as_view(), name="api-checklist"),
    path("reviews", reading.ReviewList.as_view(), name="api-reviews"),
    path("reviews/<uuid:review_id>", reading.ReviewDetail.as_view(), name="api-review"),
    path("reviews/<uuid:review_id>/marks", reading.ReviewMarks.as_view(), name="api-review-marks"),
    path("reviews/<uuid:review_id>/submit", reading.ReviewSubmission.as_view(), name="api-review-submit"),
    path("reviews/<uuid:review_id>/decline", reading.ReviewDecline.as_view(), name="api-review-decline"),
    path("reviews/<uuid:review_id>/vetoes", reading.ReviewVetoes.as_view(), name="api-review-vetoes"),
    path("reviews/<uuid:review_id>/vetoes/<str:code>", reading.ReviewVeto.as_view(), name="api-review-veto"),
    path("reviews/<uuid:review_id>/catalogue", reading.ReviewCatalogue.as_view(), name="api-review-catalogue"),
    path("review-samples", managing.SampleList.as_view(), name="api-samples"),
    path("review-samples/preview", managing.SamplePreview.as_view(), name="api-sample-preview"),
    path("review-samples/<uuid:sample_id>/assign", managing.SampleAssignment.as_view(), name="api-sample-assign"),
    path("review-assignments", managing.AssignmentList.as_view(), name="api-assignments"),
    path(
        "review-assignments/<uuid:assignment_id>/hand-over",
        managing.AssignmentHandOver.as_view(),
        name="api-assignment-hand-over",
    ),
    path("review-results", managing.ResultList.as_view(), name="api-review-results"),
    path("review-results/<uuid:result_id>/release", managing.ResultRelease.as_view(), name="api-result-release"),
    path("review-results/<uuid:result_id>", managing.ResultDetail.as_view(), name="api-review-result"),
    path("review-results/<uuid:result_id>/readers", managing.ResultReaders.as_view(), name="api-result-readers"),
    path("review-results/<uuid:result_id>/objections", managing.ResultObjections.as_view(), name="api-result-object"),
    path("review-results/<uuid:result_id>/service", managing.ResultService.as_view(), name="api-result-service"),
    path(
        "review-results/<uuid:result_id>/objections-on-paper",
        managing.KeyedObjections.as_view(),
        name="api-result-object-on-paper",
    ),
    path("late-files/<uuid:case_id>", managing.LateFile.as_view(), name="api-accepted-lateness"),
    path("review-objections", managing.ObjectionList.as_view(), name="api-objections"),
    path("review-vetoes", managing.VetoList.as_view(), name="api-vetoes"),
    path(
        "review-objections/<uuid:objection_id>/decision",
        managing.ObjectionDecision.as_view(),
        name="api-objection-decision",
    ),
    path("review-vetoes/<uuid:veto_id>/answer", managing.VetoAnswer.as_view(), name="api-veto-answer"),
    path("review-vetoes/<uuid:veto_id>/service", managing.VetoService.as_view(), name="api-veto-service"),
    path(
        "review-vetoes/<uuid:veto_id>/answer-on-paper",
        managing.KeyedVetoAnswer.as_view(),
        name="api-veto-answer-paper",
    ),
    path("review-transfers", managing.TransferList.as_view(), name="api-transfers"),
    path("review-transfers/<uuid:veto_id>", managing.TransferRecord.as_view(), name="api-record-transfer"),
    path("review-vetoes/<uuid:veto_id>/decision", managing.VetoDecision.as_view(), name="api-veto-decision"),
]
