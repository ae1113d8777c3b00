"""What gives the monitors of honesty something to say: a method that changed between two quarters, and cases with
complaints that no review took up. What a firm says too well of its own files is part of the demo's round.
"""

from datetime import datetime
from typing import Final

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.demo_scores import A_DAY, Desk, quarter_read
from qa_service.organisations.queries import today_at
from reviews.models import SampledCase
from scoring.calculation.method import flat
from scoring.defaults import default_scheme
from scoring.services.schemes import begin_draft, publish_draft
from surveys import services
from surveys.enums import Ground, Received, Respondent

# What files handed in late are still worth, from the quarter on.
CHANGED: Final = {"filing.2.points": "60"}
WHY: Final = "逾期归档不满六十日的，得分由50分调整为60分。"
RECEIVED: Final = 2  # days before today
COMPLAINTS: Final = (
    (Ground.NOT_TOLD, "办案期间没有告知进展，电话多次无人接听。"),
    (Ground.STANDARD, "开庭前没有见面，开庭当天才拿到代理意见。"),
    (Ground.NOT_TOLD, "判决书下来一个多月才知道。"),
    (Ground.STANDARD, "证据没有提交完整，庭上临时补交。"),
    (Ground.REFUSED, "答应调取工资记录，一直没有去。"),
    (Ground.STANDARD, "没有说明上诉期限。"),
)


def change_method(desk: Desk, *, supervisor: User, now: datetime) -> None:
    """Before anything of the quarter was weighed; what closed before it stays with the first version."""
    figures = {path: str(figure) if path != "required" else figure for path, figure in flat(default_scheme()).items()}
    draft = begin_draft(figures=figures | CHANGED, note=WHY, user=supervisor, now=now)
    start = quarter_read(desk, now=now).start
    publish_draft(scheme=draft, revision=draft.revision, effective_from=start, user=supervisor, now=now)


def show_complaints(desk: Desk, *, supervisor: User, now: datetime) -> None:
    """About cases of the quarter that was read, none of which was drawn."""
    quarter = quarter_read(desk, now=now)
    closed = Case.objects.filter(centre=desk.centre, closed_on__gte=quarter.start, closed_on__lt=quarter.end)
    unread = closed.exclude(pk__in=SampledCase.objects.values("case")).select_related("client").order_by("pk")
    received = now - RECEIVED * A_DAY
    for case, (ground, facts) in zip(unread, COMPLAINTS, strict=False):
        grievance = services.Grievance(
            centre=desk.centre,
            case=case,
            ground=ground,
            respondent=Respondent.LAWYER,
            facts=facts,
            received_on=today_at(desk.centre, received),
            received_by=Received.TELEPHONE,
            complainant_name=case.client.name,
        )
        services.register_complaint(user=supervisor, grievance=grievance, now=received)
