"""Pages of the room, with their paths in full."""

from django.urls import URLPattern, path

from surveys import aliyun_webhooks, webhooks
from surveys.views import (
    alerts,
    answers,
    binding,
    campaign,
    clocks,
    complaints,
    errands,
    figures,
    form,
    handset,
    mid_case,
    organ_book,
    organ_form,
    organ_letters,
    organs,
    papers,
    questionnaire_editor,
    questionnaire_preview,
    questionnaires,
    reckoning,
    recoveries,
    sending,
    set_aside,
    telephone,
    text_log,
    turns,
)

app_name = "surveys"

# The client's form. Order matters: fixed words come before a key, which has 8 or 12 letters and digits.
FORM = [
    path("s/", form.enter_code, name="form-code"),
    path("s/preferences", form.preferences, name="form-preferences"),
    path("s/<str:key>", form.start, name="form"),
    path("s/<str:key>/stop", form.stop, name="form-stop"),
    path("s/<str:key>/done", form.done, name="form-done"),
    path("s/<str:key>/q/<slug:code>", form.question, name="form-question"),
]

# The organ's, at a door of its own.
ORGAN_FORM = [
    path("o/", organ_form.enter_code, name="organ-form-code"),
    path("o/preferences", organ_form.preferences, name="organ-preferences"),
    path("o/<str:key>", organ_form.opinion, name="organ-form"),
    path("o/<str:key>/done", organ_form.done, name="organ-form-done"),
]

ORGANS = [
    path("surveys/organs/", organs.asked_list, name="organs"),
    path("surveys/organs/find", organs.find, name="organ-find"),
    path("surveys/organs/rates/", organs.rates, name="organ-rates"),
    path("surveys/organs/book/", organ_book.book, name="organ-book"),
    path("surveys/organs/book/new", organ_book.new_entry, name="organ-entry-new"),
    path("surveys/organs/book/<uuid:public_id>/", organ_book.entry, name="organ-entry"),
    path("surveys/organs/book/<uuid:public_id>/name", organ_book.add_name, name="organ-entry-name"),
    path("surveys/organs/book/<uuid:public_id>/letters", organ_letters.put_together, name="organ-batch-new"),
    path("surveys/organs/letters/", organ_letters.letters, name="organ-letters"),
    path("surveys/organs/letters/<uuid:public_id>/", organ_letters.batch, name="organ-batch"),
    path("surveys/organs/letters/<uuid:public_id>/print", organ_letters.print_batch, name="organ-batch-print"),
    path("surveys/organs/letters/<uuid:public_id>/sent", organ_letters.sent, name="organ-batch-sent"),
    path("surveys/organs/<uuid:public_id>/", organs.one, name="organ"),
    path("surveys/organs/<uuid:public_id>/answer", organs.answer, name="organ-answer"),
    path("surveys/organs/<uuid:public_id>/second", organs.keep_second_entry, name="organ-second"),
    path("surveys/organs/<uuid:public_id>/print", organ_letters.print_one, name="organ-print"),
    path("surveys/organs/<uuid:public_id>/end", organs.end, name="organ-end"),
]

STAFF = [
    path("surveys/", campaign.overview, name="overview"),
    path("surveys/sending/", sending.sending, name="sending"),
    path("surveys/sending/texts", text_log.text_log, name="text-log"),
    path("surveys/set-aside/", set_aside.set_aside, name="set-aside"),
    path("surveys/set-aside/<uuid:public_id>/again", set_aside.again, name="set-aside-again"),
    path("surveys/release/", campaign.awaiting_release, name="release-list"),
    path("surveys/release/now", campaign.release, name="release"),
    path("surveys/waiting/", turns.waiting, name="waiting"),
    path("surveys/cases/<uuid:public_id>/", turns.case_turns, name="case"),
    path("surveys/alerts/", alerts.alert_list, name="alerts"),
    path("surveys/alerts/<uuid:public_id>/", alerts.alert, name="alert"),
    path("surveys/alerts/<uuid:public_id>/number", alerts.alert_number, name="alert-number"),
    path("surveys/alerts/<uuid:public_id>/move", alerts.move, name="alert-move"),
    path("surveys/alerts/<uuid:public_id>/pass-on", alerts.pass_on, name="alert-pass-on"),
    path("surveys/alerts/<uuid:public_id>/step", recoveries.step, name="alert-step"),
    path("surveys/alerts/<uuid:public_id>/ask-lawyer", recoveries.ask_lawyer, name="alert-ask-lawyer"),
    path(
        "surveys/alerts/<uuid:public_id>/withdraw-question",
        recoveries.take_back_question,
        name="alert-withdraw-question",
    ),
    path("surveys/alerts/<uuid:public_id>/complaint", recoveries.convert, name="alert-convert"),
    path("surveys/under-way/", mid_case.plans, name="mid-case"),
    path("surveys/clocks/", clocks.clocks, name="clocks"),
    path("surveys/telephone/", telephone.telephone_list, name="telephone-list"),
    path("surveys/telephone/find", telephone.find, name="telephone-find"),
    path("surveys/telephone/<uuid:public_id>/", telephone.interview, name="interview"),
    path("surveys/telephone/<uuid:public_id>/take", telephone.take, name="interview-take"),
    path("surveys/telephone/<uuid:public_id>/put-back", telephone.put_back, name="interview-put-back"),
    path("surveys/telephone/<uuid:public_id>/number", telephone.show_number, name="interview-number"),
    path("surveys/telephone/<uuid:public_id>/second", telephone.keep_second_entry, name="interview-second"),
    path("surveys/telephone/<uuid:public_id>/afterwards", telephone.note_afterwards, name="interview-afterwards"),
    path("surveys/telephone/<uuid:public_id>/record", telephone.record_call, name="interview-record"),
    path("surveys/errands/", errands.errand_list, name="errand-list"),
    path("surveys/errands/<uuid:public_id>/", errands.errand, name="errand"),
    path("surveys/errands/<uuid:public_id>/record", errands.record_errand, name="errand-record"),
    path("surveys/papers/", papers.papers, name="papers"),
    path("surveys/papers/binding", binding.to_bind, name="records-to-bind"),
    path("surveys/papers/binding/bound", binding.bound, name="records-bound"),
    path("surveys/papers/card", papers.print_card, name="print-card"),
    path("surveys/papers/<uuid:public_id>/form", papers.print_form, name="print-form"),
    path("surveys/papers/<uuid:public_id>/record", papers.print_record, name="print-record"),
]

FIGURES = [
    path("surveys/funnel/", figures.funnel, name="funnel"),
    path("surveys/funnel/csv", figures.funnel_csv, name="funnel-csv"),
    path("surveys/funnel/pdf", figures.funnel_pdf, name="funnel-pdf"),
    path("surveys/funnel/behind", figures.funnel_behind, name="funnel-behind"),
    path("surveys/answers/", answers.answers, name="answers"),
    path("surveys/answers/csv", answers.answers_csv, name="answers-csv"),
    path("surveys/answers/pdf", answers.answers_pdf, name="answers-pdf"),
    path("surveys/unheard/", reckoning.unheard, name="unheard"),
    path("surveys/unheard/csv", reckoning.unheard_csv, name="unheard-csv"),
    path("surveys/costs/", reckoning.costs, name="costs"),
    path("surveys/costs/csv", reckoning.costs_csv, name="costs-csv"),
]

COMPLAINTS = [
    path("surveys/complaints/", complaints.complaint_list, name="complaints"),
    path("surveys/complaints/new", complaints.new_complaint, name="complaint-new"),
    path("surveys/complaints/export", complaints.export, name="complaints-export"),
    path("surveys/complaints/<uuid:public_id>/", complaints.complaint, name="complaint"),
    path("surveys/complaints/<uuid:public_id>/step", complaints.complaint_step, name="complaint-step"),
    path("surveys/complaints/<uuid:public_id>/number", complaints.complaint_number, name="complaint-number"),
]

# What a lawyer is asked, with the client's consent.
LAWYER = [
    path("surveys/questions/", recoveries.lawyer_questions, name="lawyer-questions"),
    path("surveys/questions/<uuid:public_id>/", recoveries.lawyer_question, name="lawyer-question"),
]

HANDSET = [
    path("surveys/handset/", handset.handset, name="handset"),
    path("surveys/handset/<slug:key>/", handset.handset, name="handset-phone"),
    path("surveys/handset/<slug:key>/reply", handset.reply, name="handset-reply"),
]

_ONE = "surveys/questionnaires/<uuid:public_id>/"
QUESTIONNAIRES = [
    path("surveys/questionnaires/", questionnaires.questionnaire_list, name="questionnaires"),
    path("surveys/questionnaires/new", questionnaires.new, name="questionnaire-new"),
    path("surveys/questionnaires/import", questionnaires.import_file, name="questionnaire-import"),
    path(_ONE, questionnaires.questionnaire, name="questionnaire"),
    path(f"{_ONE}file", questionnaires.export, name="questionnaire-file"),
    path(f"{_ONE}draft", questionnaires.begin, name="questionnaire-draft"),
    path(f"{_ONE}publish", questionnaires.publish, name="questionnaire-publish"),
    path(f"{_ONE}discard", questionnaires.discard, name="questionnaire-discard"),
    path(f"{_ONE}retire", questionnaires.retire, name="questionnaire-retire"),
    path(f"{_ONE}use", questionnaires.use, name="questionnaire-use"),
    path(f"{_ONE}heading", questionnaire_editor.heading, name="questionnaire-heading"),
    path(f"{_ONE}texts", questionnaire_editor.texts, name="questionnaire-texts"),
    path(f"{_ONE}questions/add", questionnaire_editor.add_question, name="questionnaire-add"),
    path(f"{_ONE}question/<slug:code>", questionnaire_editor.edit_question, name="questionnaire-question"),
    path(f"{_ONE}question/<slug:code>/arrange", questionnaire_editor.arrange, name="questionnaire-arrange"),
    path(f"{_ONE}preview", questionnaire_preview.preview, name="questionnaire-preview"),
    path(f"{_ONE}phone/end", questionnaire_preview.phone_end, name="questionnaire-phone-end"),
    path(f"{_ONE}phone/question/<slug:code>", questionnaire_preview.phone, name="questionnaire-phone"),
]

WEBHOOKS: list[URLPattern] = [
    path("webhooks/twilio/inbound", webhooks.inbound, name="twilio-inbound"),
    path("webhooks/twilio/status", webhooks.status, name="twilio-status"),
    path("webhooks/aliyun/<str:token>/report", aliyun_webhooks.report, name="aliyun-report"),
    path("webhooks/aliyun/<str:token>/reply", aliyun_webhooks.reply, name="aliyun-reply"),
]

urlpatterns: list[URLPattern] = [
    *FORM, *ORGAN_FORM, *STAFF, *FIGURES, *ORGANS, *QUESTIONNAIRES, *COMPLAINTS, *LAWYER, *HANDSET, *WEBHOOKS,
]  # fmt: skip
