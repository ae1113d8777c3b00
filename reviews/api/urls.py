"""Endpoints of file review."""

from django.urls import path

from reviews.api import objections, reading, results, samples, standards, vetoes

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
    path("review-samples", samples.SampleList.as_view(), name="api-samples"),
    path("review-samples/preview", samples.SamplePreview.as_view(), name="api-sample-preview"),
    path("review-samples/<uuid:sample_id>/assign", samples.SampleAssignment.as_view(), name="api-sample-assign"),
    path("review-assignments", samples.AssignmentList.as_view(), name="api-assignments"),
    path(
        "review-assignments/<uuid:assignment_id>/hand-over",
        samples.AssignmentHandOver.as_view(),
        name="api-assignment-hand-over",
    ),
    path("review-results", results.ResultList.as_view(), name="api-review-results"),
    path("review-results/<uuid:result_id>/release", results.ResultRelease.as_view(), name="api-result-release"),
    path("review-results/<uuid:result_id>", results.ResultDetail.as_view(), name="api-review-result"),
    path("review-results/<uuid:result_id>/readers", results.ResultReaders.as_view(), name="api-result-readers"),
    path("review-results/<uuid:result_id>/objections", objections.ResultObjections.as_view(), name="api-result-object"),
    path("review-results/<uuid:result_id>/service", results.ResultService.as_view(), name="api-result-service"),
    path(
        "review-results/<uuid:result_id>/objections-on-paper",
        objections.KeyedObjections.as_view(),
        name="api-result-object-on-paper",
    ),
    path("late-files/<uuid:case_id>", results.LateFile.as_view(), name="api-accepted-lateness"),
    path("review-objections", objections.ObjectionList.as_view(), name="api-objections"),
    path("review-vetoes", vetoes.VetoList.as_view(), name="api-vetoes"),
    path(
        "review-objections/<uuid:objection_id>/decision",
        objections.ObjectionDecision.as_view(),
        name="api-objection-decision",
    ),
    path("review-vetoes/<uuid:veto_id>/answer", vetoes.VetoAnswer.as_view(), name="api-veto-answer"),
    path("review-vetoes/<uuid:veto_id>/service", vetoes.VetoService.as_view(), name="api-veto-service"),
    path(
        "review-vetoes/<uuid:veto_id>/answer-on-paper",
        vetoes.KeyedVetoAnswer.as_view(),
        name="api-veto-answer-paper",
    ),
    path("review-transfers", vetoes.TransferList.as_view(), name="api-transfers"),
    path("review-transfers/<uuid:veto_id>", vetoes.TransferRecord.as_view(), name="api-record-transfer"),
    path("review-vetoes/<uuid:veto_id>/decision", vetoes.VetoDecision.as_view(), name="api-veto-decision"),
]
