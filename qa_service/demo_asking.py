"""What of asking the demo's closed cases cannot show: clients whose case runs, and an organ that sent two sheets."""

from datetime import date, datetime, timedelta
from typing import Final

from qa_service import founding
from qa_service.accounts.models import User
from qa_service.cases.services import put_case
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.enums import Occasion
from surveys.mid_case import MidCaseTerms, default_terms
from surveys.models import Conversation, Organ
from surveys.queries.mid_case import today_at

A_DAY: Final = timedelta(days=1)
COURT: Final = "临江县人民法院"
# Of the neighbouring county, which takes in cases under way.
NEIGHBOURS_COURT: Final = "清源县人民法院"
LAWYER: Final = {
    "lawyer_name": "华志刚",
    "licence_number": "14308211110376141",
    "firm_name": "湖畔（清源）律师事务所",
    "firm_kind": "律师事务所",
}
# Cause, client, age, telephone; days since the assignment; days until the hearing, 0 where none is fixed,
# below 0 since it.
UNDER_WAY: Final = (
    ("追索劳动报酬", "简月娥", 46, "17009990001", 12, 0),
    ("赡养费纠纷", "佟守业", 71, "17009990002", 26, 5),
    ("机动车交通事故责任纠纷", "蓝小满", 29, "17009990003", 4, 0),
    # Heard, and the judgment has not come: too long under way to be asked.
    ("房屋租赁合同纠纷", "庄敬之", 58, "17009990004", 60, -3),
)
FIRST_SHEET: Final = {"q1": "5", "q2": "4", "q3": "5", "q4": "5", "q5": "4"}
SECOND_SHEET: Final = {"q1": "4", "q2": "4", "q3": "3", "q4": "5", "q5": "unknown"}


def show_mid_case(*, centre: Organisation, manager: User, now: datetime) -> None:
    """Cases under way, as a program of the centre would bring them, and a plan for each occasion.

    The sweep asks two of them within a minute; the third not before their lawyer has had ten days.
    """
    today = today_at(centre, now=now)
    for occasion in Occasion:
        services.publish_mid_case_plan(
            centre=centre, occasion=occasion, terms=_terms(occasion, today), user=manager, now=now
        )
    for number, row in enumerate(UNDER_WAY, start=1):
        cause, name, age, phone, assigned, hearing = row
        fields: dict[str, str | float | date | None] = {
            "number": f"清法援〔{today.year}〕民字第9{number:03d}号",
            "case_type": "民事",
            "cause": cause,
            "stage": "一审",
            "client_name": name,
            "age": float(age),
            "phone": phone,
            "sms_consent": "是",
            "organ": NEIGHBOURS_COURT,
            "accepted_on": today - (assigned + 2) * A_DAY,
            "assigned_on": today - assigned * A_DAY,
            "hearing_on": today + hearing * A_DAY if hearing else None,
        }
        put_case(centre=centre, fields=fields | LAWYER, actor=founding.FOUNDER, now=now)


def _terms(occasion: Occasion, today: date) -> MidCaseTerms:
    """As the page offers them, for assignments of the last month."""
    return default_terms(occasion, today=today - 30 * A_DAY)


def show_two_sheets(*, centre: Organisation, clerk: User, now: datetime) -> None:
    """The court answered about one case on paper, and sent another sheet about it: kept beside the first."""
    services.ask_organs(now=now)
    court = Organ.objects.get(centre=centre, name=COURT)
    asked = Conversation.objects.filter(organ=court).select_related("case__centre__settings").order_by("pk").first()
    if asked is None:  # the file holds no case of the last days before it
        return
    today = today_at(asked.case.centre, now=now)
    services.record_opinion(
        user=clerk,
        conversation=asked,
        answers=_ticked(FIRST_SHEET),
        signed_by="民一庭（章）",
        received_on=today,
        now=now,
    )
    services.keep_second_opinion(
        user=clerk,
        conversation=asked,
        answers=_ticked(SECOND_SHEET),
        signed_by="审判管理办公室（章）",
        received_on=today,
        now=now,
    )


def _ticked(values: dict[str, str]) -> dict[str, services.AnswerInput]:
    return {code: services.AnswerInput(value=value) for code, value in values.items()}
