"""A commendation waits while anything about the case is open, and nobody learns what."""

import pytest
from django.utils import translation

from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case
from qa_service.cases.services import raise_risk_flag
from scoring.enums import RuleCode
from scoring.queries.proposals import why_held
from scoring.services.issuing import issue_notice
from scoring.services.procedure import StepNotDue, finish_displays
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from surveys.enums import AlertKind, AlertState, Concern, RecoveryAct, RecoveryState
from surveys.models import Alert, Conversation, Recovery
from surveys.services.answering.answers import raise_alert
from surveys.services.matters.alerts import move_alert
from surveys.services.matters.recoveries import StepInput, open_recovery, take_step
from tests import factories
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, accepted, office, read
from tests.surveys.faces.rows import asked

pytestmark = pytest.mark.django_db


def raised(row: Case, kind: AlertKind) -> Alert:
    asked(row)
    talk = Conversation.objects.get(case=row)
    return raise_alert(conversation=talk, kind=kind, actor=factories.ACTOR, now=MONDAY)


@pytest.mark.parametrize("kind", [AlertKind.MONEY, AlertKind.RECOVERY, AlertKind.WROTE])
def test_what_a_client_raised_holds_a_commendation_back_until_it_is_settled(kind: AlertKind) -> None:
    place = office()
    case = place.case()
    read(case)
    matter = raised(case, kind)
    rescore_changed(now=MONDAY)

    assert propose(now=MONDAY) == 0
    matter.state = AlertState.ACKNOWLEDGED
    matter.save()
    if kind is AlertKind.RECOVERY:
        open_recovery(alert=matter, concern=Concern.UNKNOWN, now=MONDAY)
        Recovery.objects.update(state=RecoveryState.FIXED, attempts=3)
        given = StepInput(note="已核")
        take_step(user=place.supervisor, alert=matter, act=RecoveryAct.SIGN_OFF, given=given, now=MONDAY)
    else:
        move_alert(user=place.manager, alert=matter, to=AlertState.CLOSED, now=MONDAY)
    rescore_changed(now=MONDAY)
    assert propose(now=MONDAY) == 1


def test_a_commendation_that_stands_is_not_issued_while_anything_is_open_or_unread_and_nobody_learns_what() -> None:
    place, row = accepted(RuleCode.R1)
    finish_displays(now=DISPLAY_OVER)
    talk, refusals = raised(row.the_case, AlertKind.WRONG_NUMBER).conversation, set()
    assert why_held(row) == ""  # somebody else's number says nothing of the lawyer

    for kind in set(AlertKind) - {AlertKind.WRONG_NUMBER}:
        Alert.objects.update(state=AlertState.CLOSED)
        raise_alert(conversation=talk, kind=kind, actor=factories.ACTOR, now=MONDAY)
        with pytest.raises(StepNotDue) as held:
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        refusals.add(held.value.message)
    Alert.objects.update(state=AlertState.CLOSED)
    raise_risk_flag(case_id=row.the_case.pk, kind=FlagKind.COMPLAINT, actor=factories.ACTOR, now=MONDAY)
    with pytest.raises(StepNotDue) as by_complaint:
        issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

    assert refusals == {by_complaint.value.message}
    with translation.override("zh-hans"):
        assert why_held(row) == "该案尚有未办结的事项，办结后方可通报表扬。"
