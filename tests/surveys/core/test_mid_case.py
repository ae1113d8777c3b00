"""While a case runs its client may be asked, too: only by a published plan, and more carefully than after closing."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils.translation import override

from qa_service.accounts.enums import Role
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Case, Client, EvidenceChange, RiskFlag
from qa_service.cases.services import confirm_plan
from qa_service.common.errors import InvalidInput
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.documents.form import sheet
from surveys.enums import AlertKind, Channel, ConversationState, MidCaseWay, Occasion, PassedOver
from surveys.lint import faults
from surveys.mid_case import MidCaseTerms, default_terms
from surveys.models import Alert, Conversation, DrawnClient, Message, MidCasePlan, OptOut, Questionnaire, Recovery
from surveys.models.conversations import CLOSING_WAVE
from surveys.queries.evidence import client_answers
from surveys.queries.mid_case import waiting_for_word
from surveys.queries.papers import form_content
from surveys.segments import measure
from surveys.services.answering.papers import NothingToAsk
from surveys.services.delivering.apart import postpone
from surveys.services.inviting.invitations import fresh_link
from surveys.services.inviting.mid_case_plans import NoOpenCases
from surveys.services.inviting.rungs import fall
from surveys.services.inviting.second_question import ask_again
from surveys.texts import SIGNATURE
from tests import factories
from tests.at_once import one_while_the_other_is_at_it
from tests.factories import NOW
from tests.surveys.factories import claimed, questionnaires, reply, through_guardian

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
ASSIGNED, HEARING = Occasion.AFTER_ASSIGNMENT, Occasion.BEFORE_HEARING
DUE = {"assigned_on": TODAY - timedelta(days=10), "accepted_on": TODAY - timedelta(days=12)}
SAFETY = {"sms_allowed": False, "reason": ContactReason.SAFETY, "needs_safety_check": True}


@pytest.fixture
def centre() -> Organisation:
    questionnaires()
    live = {"takes_open_cases": True, "go_live_on": date(2026, 10, 1), "sms_enabled": True}
    return factories.centre(settings=live | {"first_contact_delay_days": 0})


def terms(occasion: Occasion = ASSIGNED, **changes: Any) -> MidCaseTerms:
    usual = default_terms(occasion, today=date(2026, 11, 1))
    return MidCaseTerms(**{name: changes.get(name, getattr(usual, name)) for name in usual.__slots__})


def published(centre: Organisation, occasion: Occasion = ASSIGNED, **changes: Any) -> MidCasePlan:
    manager = factories.user(Role.MANAGER, at=centre)
    return services.publish_mid_case_plan(
        centre=centre, occasion=occasion, terms=terms(occasion, **changes), user=manager, now=NOW
    )


def under_way(centre: Organisation, plan: dict[str, Any] | None = None, **fields: Any) -> Case:
    client = fields.pop("client", None) or factories.client(centre, plan=plan)
    return factories.open_case(centre, client=client, **(DUE | fields))


def group_of(case: Case, people: int, **fields: Any) -> list[Client]:
    """So many clients more, whom staff added."""
    joined = [factories.client(case.centre, **fields) for _each in range(people)]
    for client in joined:
        case.co_clients.create(client=client, added_at=NOW)
    return joined


def sweep(now: datetime = NOW) -> list[Conversation]:
    services.invite_due(now=now)
    services.give_up_overtaken(now=now)
    services.invite_mid_case(now=now)
    return list(Conversation.objects.order_by("pk"))


def close(case: Case, on: date = TODAY, now: datetime = NOW) -> None:
    Case.with_open.filter(pk=case.pk).update(closed_on=on, survey_released_at=now, hearing_on=None)


# --- publishing -----------------------------------------------------------------------------------------------------
def test_nobody_is_asked_before_a_plan_is_published(centre: Organisation):
    under_way(centre)

    assert sweep() == []


def test_a_centre_that_takes_no_cases_under_way_publishes_none(centre: Organisation):
    centre.settings.takes_open_cases = False
    centre.settings.save()

    with pytest.raises(NoOpenCases):
        published(centre)


def test_a_change_is_the_next_version_and_the_same_again_is_none(centre: Organisation):
    first = published(centre)
    assert published(centre) == first

    second = published(centre, days=20)

    assert (second.version, MidCasePlan.objects.in_force().get()) == (2, second)


def test_a_published_plan_is_frozen_and_ends_once(centre: Organisation):
    plan = published(centre)
    manager = factories.user(Role.MANAGER, at=centre)
    with pytest.raises(IntegrityError), transaction.atomic():
        MidCasePlan.objects.filter(pk=plan.pk).update(days=40)

    ended = [services.end_mid_case_plan(centre=centre, occasion=ASSIGNED, user=manager, now=NOW) for _time in range(2)]

    assert ended == [True, False]
    with pytest.raises(IntegrityError), transaction.atomic():
        MidCasePlan.objects.filter(pk=plan.pk).update(ended_at=None)


@pytest.mark.parametrize(
    ("occasion", "changes", "field"),
    [
        (ASSIGNED, {"days": 4}, "days"),
        (HEARING, {"days": 2}, "days"),
        (ASSIGNED, {"remind_after_days": 14}, "remind_after_days"),
        (ASSIGNED, {"closes_after_days": 22}, "closes_after_days"),
        (ASSIGNED, {"ways": ()}, "ways"),
        (ASSIGNED, {"questionnaire_key": "organ-opinion"}, "questionnaire_key"),
        (ASSIGNED, {"questionnaire_key": "nothing"}, "questionnaire_key"),
    ],
)
def test_terms_out_of_bounds_are_refused_by_name(
    centre: Organisation, occasion: Occasion, changes: dict[str, Any], field: str
):
    with pytest.raises(InvalidInput) as refused:
        published(centre, occasion, **changes)

    assert refused.value.field == field


# --- whose turn it is -----------------------------------------------------------------------------------------------
def test_the_client_is_asked_so_many_days_after_assignment_and_once(centre: Organisation):
    published(centre)
    case = under_way(centre, assigned_on=TODAY - timedelta(days=9))

    assert sweep() == []
    (conversation,) = sweep(NOW + timedelta(days=1))
    assert (conversation.case, conversation.wave, conversation.channel) == (
        case,
        "after-assignment",
        Channel.SMS_TWO_WAY,
    )
    assert sweep(NOW + timedelta(days=2)) == [conversation]


@pytest.mark.parametrize("days", [32, 20])
def test_an_assignment_of_long_ago_or_before_the_plan_begins_is_no_occasion(centre: Organisation, days: int):
    published(centre, starts_on=date(2026, 11, 1) if days == 20 else date(2026, 1, 1))
    under_way(centre, assigned_on=TODAY - timedelta(days=days), accepted_on=date(2026, 10, 1))

    assert sweep() == []


@pytest.mark.parametrize(("days", "asked"), [(1, False), (2, True), (7, True), (8, False)])
def test_before_a_hearing_the_client_is_asked_with_two_days_to_spare(centre: Organisation, days: int, asked: bool):
    published(centre, HEARING)
    hearing = TODAY + timedelta(days=days)
    under_way(centre, hearing_on=hearing)

    found = sweep()

    assert [row.wave for row in found] == ["before-hearing"] * asked
    assert all(
        row.closes_at.astimezone(NOW.tzinfo) <= datetime.combine(hearing, time(), tzinfo=NOW.tzinfo) for row in found
    )


def test_a_case_that_has_closed_or_a_centre_that_has_not_gone_live_is_asked_nothing(centre: Organisation):
    published(centre)
    case = under_way(centre)
    centre.settings.go_live_on = None
    centre.settings.save()
    assert sweep() == []
    centre.settings.go_live_on = date(2026, 10, 1)
    centre.settings.save()
    Case.with_open.filter(pk=case.pk).update(closed_on=TODAY)

    assert sweep() == []


def test_a_plan_that_has_ended_asks_nobody_new(centre: Organisation):
    published(centre)
    under_way(centre)
    services.end_mid_case_plan(centre=centre, occasion=ASSIGNED, user=factories.user(Role.MANAGER, at=centre), now=NOW)

    assert sweep() == []


# --- the person -----------------------------------------------------------------------------------------------------
def test_one_follow_up_in_thirty_days_holds_for_both_occasions_and_other_cases(centre: Organisation):
    published(centre)
    published(centre, HEARING)
    first = under_way(centre, hearing_on=TODAY + timedelta(days=5))
    under_way(centre, client=first.client)

    assert [(row.case, row.wave) for row in sweep()] == [(first, "before-hearing")]


def test_who_waits_to_be_asked_about_a_closed_case_is_asked_about_that_first(centre: Organisation):
    published(centre)
    running = under_way(centre)
    centre.settings.first_contact_delay_days = 5
    centre.settings.save()
    closed = factories.case(centre, client=running.client, closed_on=TODAY)

    assert sweep() == []
    assert [row.case for row in sweep(NOW + timedelta(days=5))] == [closed]


def not_yet(centre: Organisation) -> None:
    """The day of what has closed comes later."""
    centre.settings.first_contact_delay_days = 5
    centre.settings.save()


@pytest.mark.parametrize("which", ["one telephone", "two wards", "the guardian runs", "the guardian has closed"])
def test_whoever_answers_for_both_is_one_person(centre: Organisation, which: str):
    published(centre)
    running, other = under_way(centre), factories.client(centre)
    not_yet(centre)
    number = running.client.phone
    if which == "one telephone":
        Client.objects.filter(pk=other.pk).update(phone_index=running.client.phone_index)
    if which in ("two wards", "the guardian has closed"):
        number = other.phone if which == "the guardian has closed" else "+8613900000001"
        through_guardian(running.client, number)
    if which in ("two wards", "the guardian runs"):
        through_guardian(other, number)
    factories.case(centre, client=other, closed_on=TODAY)

    assert sweep() == []


@pytest.mark.parametrize("passed_over", [PassedOver.NOT, PassedOver.ENOUGH])
def test_of_a_closed_case_with_several_clients_whoever_was_drawn_waits(centre: Organisation, passed_over: PassedOver):
    published(centre)
    running = under_way(centre)
    not_yet(centre)
    closed = factories.case(centre, closed_on=TODAY)
    closed.co_clients.create(client=running.client, added_at=NOW)
    lot = {"case": closed, "wave": CLOSING_WAVE, "lot": "0", "most": 1, "at": NOW}
    DrawnClient.objects.create(client=running.client, passed_over=passed_over, **lot)

    assert [row.case for row in sweep()] == ([] if passed_over is PassedOver.NOT else [running])


@pytest.mark.parametrize(
    "plan",
    [
        SAFETY,
        {"sms_allowed": False, "reason": ContactReason.OPPONENT_HOUSEHOLD},
        {"needs_safety_check": True},
        SAFETY | {"confirmed_on": DUE["assigned_on"] - timedelta(days=1)},
    ],
)
def test_nobody_in_danger_is_contacted_before_somebody_confirmed_in_this_matter_how(
    centre: Organisation, plan: dict[str, Any]
):
    plan_in_force = published(centre)
    case = under_way(centre, plan=plan)

    assert sweep() == []
    assert [turn.case for turn in waiting_for_word(plan_in_force, limit=9, now=NOW)] == [case]

    confirm_plan(client=case.client, user=factories.user(Role.MANAGER, at=centre), now=NOW)
    (conversation,) = sweep()
    expected = Channel.SMS_TWO_WAY if plan == {"needs_safety_check": True} else Channel.TELEPHONE
    assert conversation.channel == expected


@pytest.mark.parametrize("occasion", [ASSIGNED, HEARING])
def test_of_several_clients_as_many_are_asked_as_after_closing_each_once(centre: Organisation, occasion: Occasion):
    published(centre, occasion)
    case = under_way(centre, hearing_on=TODAY + timedelta(days=5))
    group_of(case, 4)

    first = sweep()

    assert {row.wave for row in first} == {occasion}
    assert len({row.recipient_id for row in first}) == centre.settings.clients_asked_a_case == 3
    assert sweep(NOW + timedelta(hours=1)) == first
    lots = DrawnClient.objects.filter(case=case, wave=occasion)
    assert sorted(lots.values_list("passed_over", flat=True)) == ["", "", "", "enough", "enough"]


def test_whoever_of_several_is_in_danger_keeps_their_lot_and_waits_for_word(centre: Organisation):
    plan = published(centre)
    case = under_way(centre)
    feared = group_of(case, 1, plan=SAFETY)[0]

    assert [row.recipient for row in sweep()] == [case.client]
    assert [turn.client for turn in waiting_for_word(plan, limit=9, now=NOW)] == [feared]
    confirm_plan(client=feared, user=factories.user(Role.MANAGER, at=centre), now=NOW)
    assert [row.recipient for row in sweep()] == [case.client, feared]


def test_two_clients_of_one_telephone_or_of_an_earlier_matter_are_not_both_asked(centre: Organisation):
    published(centre)
    earlier = under_way(centre, assigned_on=TODAY - timedelta(days=15))
    case = under_way(centre)
    case.co_clients.create(client=earlier.client, added_at=NOW)
    (same,) = group_of(case, 1)
    Client.objects.filter(pk=same.pk).update(phone_index=case.client.phone_index)

    asked = sweep()

    assert [(row.case, row.recipient) for row in asked][:1] == [(earlier, earlier.client)]
    assert [row.recipient in (case.client, same) for row in asked[1:]] == [True]


def test_closing_overtakes_every_client_of_a_group_and_draws_anew(centre: Organisation):
    published(centre, ways=(MidCaseWay.TELEPHONE,))
    case = under_way(centre)
    group_of(case, 1)
    sweep()
    close(case)

    assert [row.state for row in sweep()] == [ConversationState.WITHDRAWN] * 2
    waves = [row.wave for row in sweep(NOW + timedelta(minutes=5))]
    assert sorted(waves) == ["after-assignment"] * 2 + ["closing"] * 2


def test_no_paper_goes_to_anybody_while_the_case_runs(centre: Organisation):
    published(centre, ways=tuple(MidCaseWay))
    under_way(centre, plan={"sms_allowed": False, "phone_allowed": False, "visit_allowed": False})

    assert [(row.channel, row.state) for row in sweep()] == [(Channel.NONE, ConversationState.WITHDRAWN)]


def test_by_no_way_but_those_of_the_plan_down_to_the_last_rung(centre: Organisation):
    published(centre, ways=(MidCaseWay.TELEPHONE,))
    under_way(centre)
    (conversation,) = sweep()
    assert (conversation.channel, conversation.lapses_at) == (Channel.TELEPHONE, None)


def test_who_wants_no_texts_gets_none(centre: Organisation):
    published(centre, ways=(MidCaseWay.TEXT,))
    case = under_way(centre)
    OptOut.objects.create(phone_index=case.client.phone_index, source="word", at=NOW)

    assert [row.state for row in sweep()] == [ConversationState.WITHDRAWN]
    assert not Message.objects.exists()


def test_it_leaves_in_the_persons_safe_hours(centre: Organisation):
    published(centre)
    under_way(centre, plan={"safe_from": time(14), "safe_until": time(16)})
    sweep()
    services.deliver_next(now=NOW)  # ten in the morning

    message = Message.objects.get()
    assert (message.sent_at, message.not_before.hour) == (None, 6)  # 14:00 in Shanghai


# --- what was given up ----------------------------------------------------------------------------------------------
def test_closing_overtakes_what_nobody_was_contacted_about_and_is_asked_on_its_day(centre: Organisation):
    published(centre, ways=(MidCaseWay.TELEPHONE,))
    case = under_way(centre)
    sweep()
    close(case)

    assert [(row.wave, row.state) for row in sweep()] == [("after-assignment", ConversationState.WITHDRAWN)]
    assert [row.wave for row in sweep(NOW + timedelta(minutes=5))] == ["after-assignment", "closing"]


def test_who_was_contacted_may_still_answer_and_closing_waits_out_the_thirty_days(centre: Organisation):
    published(centre)
    case = under_way(centre)
    sweep()
    services.deliver_next(now=NOW)
    close(case)

    (conversation,) = sweep(NOW + timedelta(days=1))
    assert (conversation.state, conversation.remind_at) == (ConversationState.AWAITING, None)
    assert len(sweep(NOW + timedelta(days=29))) == 1
    assert [row.wave for row in sweep(NOW + timedelta(days=30))] == ["after-assignment", "closing"]


def test_a_text_that_still_waits_when_the_case_has_closed_goes_nowhere(centre: Organisation):
    published(centre)
    case = under_way(centre)
    sweep()
    close(case)

    services.deliver_next(now=NOW)

    assert [(row.state, row.sent_at) for row in Message.objects.all()] == [("suppressed", None)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_overtaken_while_somebody_has_its_text_is_left_for_another_time(centre: Organisation):
    """Whoever is told what became of a text holds the text before its conversation."""
    published(centre)
    case = under_way(centre)
    sweep()
    close(case)
    given_up: list[int] = []

    raised = one_while_the_other_is_at_it(
        lambda: Message.objects.select_for_update().get(),
        lambda: given_up.append(services.give_up_overtaken(now=NOW)),
        then=lambda: Conversation.objects.select_for_update().get(),
    )

    given_up.append(services.give_up_overtaken(now=NOW))
    assert (raised, given_up) == ([], [0, 1])


def test_who_answered_since_their_text_was_looked_at_is_not_given_up(centre: Organisation):
    published(centre)
    under_way(centre)
    sweep()
    message = claimed()
    assert message is not None
    Conversation.objects.update(state=ConversationState.FINISHED)

    postpone(message, until=NOW + timedelta(days=3), now=NOW)

    assert Conversation.objects.get().state == ConversationState.FINISHED


def test_danger_that_becomes_known_takes_back_what_has_not_gone_out(centre: Organisation):
    published(centre)
    case = under_way(centre)
    sweep()
    plan = case.client.contact_plan
    plan.sms_allowed, plan.reason, plan.needs_safety_check = False, ContactReason.SAFETY, True
    plan.save()

    assert [row.state for row in sweep()] == [ConversationState.WITHDRAWN]
    services.deliver_next(now=NOW)
    assert Message.objects.get().sent_at is None


def test_silence_falls_to_no_way_that_the_plan_does_not_use(centre: Organisation):
    published(centre, ways=(MidCaseWay.TEXT,))
    under_way(centre)
    sweep()
    services.deliver_next(now=NOW)
    for days in (3, 6):
        services.remind(now=NOW + timedelta(days=days))
        services.deliver_next(now=NOW + timedelta(days=days))

    (conversation,) = Conversation.objects.all()
    assert (conversation.channel, conversation.state) == (Channel.NONE, ConversationState.UNREACHABLE)


def test_danger_that_becomes_known_keeps_a_silent_person_off_the_telephone_list(centre: Organisation):
    published(centre)
    case = under_way(centre)
    sweep()
    services.deliver_next(now=NOW)
    plan = case.client.contact_plan
    plan.sms_allowed, plan.reason, plan.needs_safety_check = False, ContactReason.SAFETY, True
    plan.save()

    for days in (3, 6):
        services.remind(now=NOW + timedelta(days=days))
        services.deliver_next(now=NOW + timedelta(days=days))

    assert list(Conversation.objects.for_staff()) == []


def test_the_page_of_a_link_does_not_say_that_anything_runs_or_is_finished(centre: Organisation):
    published(centre)
    under_way(centre)
    (conversation,) = sweep()
    link = fresh_link(conversation)
    conversation.save()

    page = Browser().get(link[link.index("/s/") :]).content.decode()

    assert "目前的服务怎么样？" in page
    assert "办结" not in page


# --- what is said ---------------------------------------------------------------------------------------------------
def answered(centre: Organisation, rating: str) -> Conversation:
    published(centre)
    under_way(centre)
    (conversation,) = sweep()
    services.deliver_next(now=NOW)
    reply(conversation, rating)
    conversation.refresh_from_db()
    return conversation


@pytest.mark.parametrize("rating", ["1", "2"])
def test_an_unhappy_client_opens_a_matter_to_put_right_and_draws_no_file(centre: Organisation, rating: str):
    conversation = answered(centre, rating)

    assert Alert.objects.get().kind == AlertKind.RECOVERY
    assert Recovery.objects.get().alert.case == conversation.case
    assert not RiskFlag.objects.exists()


def test_what_was_said_is_no_evidence_about_the_case_even_once_it_has_closed(centre: Organisation):
    conversation = answered(centre, "1")
    close(conversation.case)

    assert client_answers([conversation.case_id]) == []
    assert not EvidenceChange.objects.exists()


def test_asked_again_while_the_case_runs_nobody_gets_a_text_that_says_it_is_finished(centre: Organisation):
    conversation = answered(centre, "1")

    again = ask_again(alert=Alert.objects.get(), turn=1, now=NOW)

    assert (again.channel, again.case) == (Channel.TELEPHONE, conversation.case)


def test_a_form_is_printed_for_a_visit_alone_and_does_not_say_that_anything_is_finished(centre: Organisation):
    published(centre, ways=(MidCaseWay.TELEPHONE, MidCaseWay.VISIT))
    under_way(centre)
    (conversation,) = sweep()
    user = factories.user(Role.FOLLOW_UP, at=centre)
    with pytest.raises(NothingToAsk):
        services.print_form(user=user, conversation=conversation, now=NOW)

    fall(conversation, why="lapsed", now=NOW)
    conversation.save()
    assert conversation.channel == Channel.VISIT
    content = form_content(conversation=conversation, code="7K3QABCD", language="zh-hans")
    with override("zh-hans"):
        said = str(sheet(content))
    assert "办结" not in said
    assert "目前服务" in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", ["client-assigned", "client-hearing"])
def test_no_text_says_that_a_matter_runs_and_the_chinese_ones_fit_one_segment(key: str, language: str):
    questionnaires()
    texts = Questionnaire.objects.get(key=key).texts
    assert len(texts) == 6
    for written in texts.values():
        body = written[language]
        assert faults(body) == ()
        assert not any(word in body for word in ("事项", "办理", "办结", "matter", "finished"))
        full = SIGNATURE[language] + body.format(
            link="https://q.example.cn/s/AbCdEfGhIjKl", code="7K3QABCD", phone="0739-5550100"
        )
        if language == "zh-hans":
            assert measure(full).segments == 1, full
