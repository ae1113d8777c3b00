"""Pages of file review."""

from django.urls import path

from reviews.views import lateness, managing, results, transfers, vetoes, workspace

app_name = "reviews"
urlpatterns = [
    path("reviews/", workspace.my_reviews, name="my-reviews"),
    path("reviews/samples", managing.samples, name="samples"),
    path("reviews/samples/draw", managing.draw, name="draw"),
    path("reviews/samples/<uuid:sample_id>", managing.sample, name="sample"),
    path("reviews/samples/<uuid:sample_id>/assign", managing.assign, name="assign"),
    path("reviews/assignments", managing.assignments, name="assignments"),
    path("reviews/assignments/<uuid:assignment_id>/hand-over", managing.reassign, name="reassign"),
    path("reviews/results", results.results, name="results"),
    path("reviews/late-files", lateness.late, name="late-files"),
    path("reviews/late-files/<uuid:case_id>/accept", lateness.accept, name="accept-lateness"),
    path("reviews/late-files/<uuid:case_id>/take-back", lateness.take_back, name="take-back-lateness"),
    path("reviews/results/to-tell", results.to_tell, name="to-tell"),
    path("reviews/results/<uuid:result_id>/paper", results.paper, name="paper"),
    path("reviews/results/<uuid:result_id>/served", results.serve, name="serve"),
    path("reviews/results/<uuid:result_id>/object-on-paper", results.key_in, name="key-in-objection"),
    path("reviews/results/<uuid:result_id>", results.result, name="result"),
    path("reviews/results/<uuid:result_id>/object", results.lodge, name="object"),
    path("reviews/results/<uuid:result_id>/add-reader", managing.add_reader, name="add-reader"),
    path("reviews/results/<uuid:result_id>/release", managing.release, name="release"),
    path("reviews/vetoes", vetoes.vetoes, name="vetoes"),
    path("reviews/vetoes/<uuid:veto_id>/decide", vetoes.decide, name="decide-veto"),
    path("reviews/vetoes/<uuid:veto_id>/paper", vetoes.paper, name="veto-paper"),
    path("reviews/vetoes/<uuid:veto_id>/served", vetoes.serve, name="serve-veto"),
    path("reviews/vetoes/<uuid:veto_id>/answer-on-paper", vetoes.key_in, name="key-in-veto-answer"),
    path("reviews/vetoes/<uuid:veto_id>/answer", results.answer, name="answer-veto"),
    path("reviews/transfers", transfers.transfers, name="transfers"),
    path("reviews/transfers/<uuid:veto_id>", transfers.record, name="record-transfer"),
    path("reviews/objections", managing.objections, name="objections"),
    path("reviews/objections/<uuid:objection_id>", managing.objection, name="objection"),
    path("reviews/<uuid:review_id>", workspace.workspace, name="workspace"),
    path("reviews/<uuid:review_id>/submit", workspace.submit, name="submit"),
    path("reviews/<uuid:review_id>/decline", workspace.decline, name="decline"),
    path("reviews/<uuid:review_id>/catalogue", workspace.catalogue, name="catalogue"),
    path("reviews/<uuid:review_id>/veto", workspace.veto, name="veto"),
]
