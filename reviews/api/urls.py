"""Endpoints of file review."""

from django.urls import path

from reviews.api import managing, reading

urlpatterns = [
    path("reviews", reading.ReviewList.as_view(), name="api-reviews"),
    path("reviews/<uuid:review_id>", reading.ReviewDetail.as_view(), name="api-review"),
    path("reviews/<uuid:review_id>/marks", reading.ReviewMarks.as_view(), name="api-review-marks"),
    path("reviews/<uuid:review_id>/submit", reading.ReviewSubmission.as_view(), name="api-review-submit"),
    path("reviews/<uuid:review_id>/decline", reading.ReviewDecline.as_view(), name="api-review-decline"),
    path("reviews/<uuid:review_id>/vetoes", reading.ReviewVetoes.as_view(), name="api-review-vetoes"),
    path("review-samples", managing.SampleList.as_view(), name="api-samples"),
    path("review-samples/preview", managing.SamplePreview.as_view(), name="api-sample-preview"),
    path("review-samples/<uuid:sample_id>/assign", managing.SampleAssignment.as_view(), name="api-sample-assign"),
    path("review-assignments", managing.AssignmentList.as_view(), name="api-assignments"),
    path(
        "review-assignments/<uuid:assignment_id>/hand-over",
        managing.AssignmentHandOver.as_view(),
        name="api-assignment-hand-over",
    ),
    path("review-results/<uuid:result_id>", managing.ResultDetail.as_view(), name="api-review-result"),
    path("review-results/<uuid:result_id>/readers", managing.ResultReaders.as_view(), name="api-result-readers"),
    path("review-results/<uuid:result_id>/objections", managing.ResultObjections.as_view(), name="api-result-object"),
    path(
        "review-objections/<uuid:objection_id>/decision",
        managing.ObjectionDecision.as_view(),
        name="api-objection-decision",
    ),
    path("review-vetoes/<uuid:veto_id>/answer", managing.VetoAnswer.as_view(), name="api-veto-answer"),
    path("review-vetoes/<uuid:veto_id>/decision", managing.VetoDecision.as_view(), name="api-veto-decision"),
]
