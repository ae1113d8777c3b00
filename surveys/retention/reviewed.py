"""Columns of text that hold nothing of a client, by why one may say so."""

from typing import Final

from django.utils.translation import gettext_lazy as _

WITHOUT: Final = (
    (
        _("keyed digests of links and codes, receipts, names and codes of the carrier service"),
        (
            "surveys.Conversation.link_digest",
            "surveys.Conversation.code_digest",
            "surveys.ClosingCard.code_digest",
            "surveys.Response.receipt",
            "surveys.Message.gateway",
            "surveys.Sender.gateway",
            "surveys.Message.reference",
            "surveys.Message.sid",
            "surveys.Message.error_code",
            "surveys.MessageEvent.gateway",
            "surveys.MessageEvent.sid",
            "surveys.MessageEvent.status",
            "surveys.MessageEvent.error_code",
        ),
    ),
    (
        _("on whom a lot fell, and why not on whom"),
        ("surveys.DrawnClient.lot", "surveys.DrawnClient.passed_over"),
    ),
    (
        _("name, kind and addresses of a court or other public body"),
        (
            "surveys.Conversation.unit",
            "surveys.Organ.name",
            "surveys.Organ.email",
            "surveys.Organ.address",
            "surveys.Organ.phone",
            "surveys.OrganName.name",
        ),
    ),
    (
        _("of what kind is what a form told and took back, and when: no words"),
        ("surveys.Conversation.taken_back",),
    ),
    (
        _("which follow-up it is, and in which language"),
        (
            "surveys.Conversation.wave",
            "surveys.Conversation.language",
            "surveys.ClosingCard.wave",
            "surveys.DrawnClient.wave",
            "surveys.Response.language",
            "surveys.Message.language",
        ),
    ),
    (
        _("what is asked of everybody"),
        (
            "surveys.Questionnaire.key",
            "surveys.Questionnaire.title_zh",
            "surveys.Questionnaire.title_en",
            "surveys.Questionnaire.title_further",
            "surveys.Questionnaire.languages",
            "surveys.Questionnaire.texts",
            "surveys.Questionnaire.draft",
            "surveys.Question.code",
            "surveys.Question.text_zh",
            "surveys.Question.text_en",
            "surveys.Question.hint_zh",
            "surveys.Question.hint_en",
            "surveys.Question.text_further",
            "surveys.Question.hint_further",
            "surveys.Question.modes",
            "surveys.Question.shown_when",
            "surveys.Choice.value",
            "surveys.Choice.text_zh",
            "surveys.Choice.text_en",
            "surveys.Choice.text_further",
            "surveys.Plan.wave",
            "surveys.Plan.questionnaire_key",
            "surveys.Plan.contact_days",
            "surveys.MidCasePlan.occasion",
            "surveys.MidCasePlan.questionnaire_key",
            "surveys.MidCasePlan.contact_days",
            "surveys.MidCasePlan.ways",
        ),
    ),
    (
        _("numbers and rules of the register"),
        (
            "surveys.Complaint.label",
            "surveys.ComplaintRules.number_prefix",
            "surveys.ComplaintRules.legal_basis",
        ),
    ),
)
