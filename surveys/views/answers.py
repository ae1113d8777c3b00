"""What clients answered, question by question, with who was reached and who refused beside it."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from surveys import documents
from surveys.documents.figures.charts import of_how_many, opinion_chart, plain_chart
from surveys.documents.figures.content import AnswersContent, QuestionLines
from surveys.documents.figures.paper import money_words
from surveys.forms.figures import AnswersForm
from surveys.models.conversations import STAFF_ROLES
from surveys.queries.figures.answers_told import answers_content
from surveys.queries.figures.files import answers_header, answers_rows
from surveys.views.figures import Chosen, chosen, paper_file, picture, shared, table_file


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """`chart` is empty for questions that share one picture, and where there is nothing to draw."""

    lines: QuestionLines
    note: str
    chart: SafeString | str


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    asked = chosen(request, AnswersForm)
    content = _content(request, asked)
    cast("AnswersForm", asked.form).offer((content.key, content.title), content.others)
    sided = [question for question in content.questions if question.favourable]
    context = {
        "content": content,
        "chart": picture(opinion_chart(sided, title=content.title), ident="opinions") if sided else "",
        "questions": [_shown(question, place) for place, question in enumerate(content.questions)],
        "money": None if content.money is None else money_words(content.money),
    }
    return render(request, "surveys/staff/figures/answers.html", context | shared(request, asked))


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def answers_csv(request: HttpRequest) -> HttpResponse:
    asked = chosen(request, AnswersForm)
    rows = answers_rows(_content(request, asked))
    return table_file(answers_header(), rows, name=pgettext("asking", "Answers"), plain="answers", about=asked.about)


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def answers_pdf(request: HttpRequest) -> HttpResponse:
    asked = chosen(request, AnswersForm)
    data = documents.answers_pdf(_content(request, asked), language=get_language() or "zh-hans")
    return paper_file(data, name=pgettext("asking", "Answers"), plain="answers", about=asked.about)


def _content(request: HttpRequest, asked: Chosen) -> AnswersContent:
    return answers_content(
        user=cast("User", request.user),
        choice=asked.choice,
        about=asked.about,
        key=asked.form.cleaned_data["questionnaire"],
        now=asked.now,
    )


def _shown(question: QuestionLines, place: int) -> QuestionShown:
    alone = not question.favourable and question.whole.parts
    chart = picture(plain_chart(question), ident=f"question-{place}") if alone else ""
    return QuestionShown(lines=question, note=of_how_many(question.whole), chart=chart)
