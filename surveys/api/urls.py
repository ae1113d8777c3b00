"""Endpoints below /api/v1/."""

from django.urls import path

from surveys.api import alerts, binding, figures, mid_case, organs, sending, turns, views

urlpatterns = [
    path("surveys/conversations", views.ConversationListView.as_view(), name="api-conversations"),
    path("surveys/conversations/<uuid:public_id>", views.ConversationView.as_view(), name="api-conversation"),
    path("surveys/conversations/<uuid:public_id>/calls", views.CallView.as_view(), name="api-conversation-calls"),
    path(
        "surveys/conversations/<uuid:public_id>/interview",
        views.InterviewView.as_view(),
        name="api-conversation-interview",
    ),
    path(
        "surveys/conversations/<uuid:public_id>/second-entry",
        views.SecondEntryView.as_view(),
        name="api-conversation-second-entry",
    ),
    path(
        "surveys/conversations/<uuid:public_id>/afterwards",
        views.AfterwardsView.as_view(),
        name="api-conversation-afterwards",
    ),
    path("surveys/conversations/<uuid:public_id>/hold", alerts.HoldView.as_view(), name="api-conversation-hold"),
    path(
        "surveys/conversations/<uuid:public_id>/number",
        alerts.ConversationNumberView.as_view(),
        name="api-conversation-number",
    ),
    path("surveys/alerts", alerts.AlertListView.as_view(), name="api-alerts"),
    path("surveys/alerts/<uuid:public_id>", alerts.AlertView.as_view(), name="api-alert"),
    path(
        "surveys/alerts/<uuid:public_id>/acknowledge",
        alerts.AlertAcknowledgeView.as_view(),
        name="api-alert-acknowledge",
    ),
    path("surveys/alerts/<uuid:public_id>/close", alerts.AlertCloseView.as_view(), name="api-alert-close"),
    path("surveys/alerts/<uuid:public_id>/number", alerts.AlertNumberView.as_view(), name="api-alert-number"),
    path("surveys/waiting", turns.WaitingView.as_view(), name="api-waiting"),
    path("surveys/cases/<uuid:public_id>/clients", turns.CaseTurnsView.as_view(), name="api-case-turns"),
    path("surveys/records-to-bind", binding.RecordsToBindView.as_view(), name="api-records-to-bind"),
    path("surveys/telephone-list", views.TelephoneListView.as_view(), name="api-telephone-list"),
    path("surveys/funnel", figures.FunnelView.as_view(), name="api-funnel"),
    path("surveys/funnel/behind", figures.FunnelBehindView.as_view(), name="api-funnel-behind"),
    path("surveys/answers", figures.AnswersView.as_view(), name="api-answers"),
    path("surveys/unheard", figures.UnheardView.as_view(), name="api-unheard"),
    path("surveys/costs", figures.CostsView.as_view(), name="api-costs"),
    path(
        "centres/<str:code>/mid-case-plans/<slug:occasion>",
        mid_case.MidCasePlanView.as_view(),
        name="api-mid-case-plan",
    ),
    path("surveys/sending", sending.SendingView.as_view(), name="api-sending"),
    path("surveys/sending/texts", sending.TextsView.as_view(), name="api-texts"),
    path("surveys/sending/warnings", sending.WarningsView.as_view(), name="api-sending-warnings"),
    path("surveys/organs", organs.OrgansView.as_view(), name="api-organs"),
    path("surveys/organs/unknown", organs.UnknownNamesView.as_view(), name="api-organs-unknown"),
    path("surveys/organs/<uuid:public_id>", organs.OrganView.as_view(), name="api-organ"),
    path("surveys/organs/<uuid:public_id>/letters", organs.OrganBatchView.as_view(), name="api-organ-batch-new"),
    path("surveys/organ-letters", organs.StacksView.as_view(), name="api-organ-letters"),
    path("surveys/organ-batches", organs.BatchesView.as_view(), name="api-organ-batches"),
    path("surveys/organ-batches/<uuid:public_id>/paper", organs.BatchPaperView.as_view(), name="api-organ-batch-paper"),
    path("surveys/organ-batches/<uuid:public_id>/sent", organs.BatchSentView.as_view(), name="api-organ-batch-sent"),
    path("surveys/organs-asked", organs.OrgansAskedView.as_view(), name="api-organs-asked"),
    path("surveys/organs-asked/<uuid:public_id>", organs.OrganAskedView.as_view(), name="api-organ-asked"),
    path("surveys/organs-asked/<uuid:public_id>/opinion", organs.OpinionView.as_view(), name="api-organ-opinion"),
    path(
        "surveys/organs-asked/<uuid:public_id>/second-opinion",
        organs.SecondOpinionView.as_view(),
        name="api-organ-second-opinion",
    ),
    path("surveys/organs-asked/<uuid:public_id>/end", organs.NoOpinionView.as_view(), name="api-organ-end"),
    path("surveys/organs-asked/<uuid:public_id>/letter", organs.LetterView.as_view(), name="api-organ-letter"),
    path("surveys/organ-rates", organs.RatesView.as_view(), name="api-organ-rates"),
]
