"""Where a follow-up stands: each rule by example, and what no mixture of facts may break."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.cases.enums import ContactReason
from surveys.enums import Channel, ConversationState, MessageState, Mode, StaffReason
from surveys.figures.funnel import (
    MODES,
    STEPS,
    Facts,
    Loss,
    Place,
    Step,
    Way,
    answered_by,
    funnel,
    place,
    reach,
    tally,
)
from surveys.models.conversations import CONTACT_OUTCOMES

AWAITING, EXPIRED, STOPPED = ConversationState.AWAITING, ConversationState.EXPIRED, ConversationState.STOPPED
SMS, RING = Channel.SMS_TWO_WAY, Channel.TELEPHONE


def facts(state: str = AWAITING, channel: str = SMS, **more: object) -> Facts:
    return Facts(state=state, channel=channel, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "step", "loss"),
    [
        (facts(own=True, mode=Mode.SMS), Step.ANSWERED, Loss.NONE),
        (facts(other=True, mode=Mode.TELEPHONE, last="reached", met=True), Step.STARTED, Loss.SOMEBODY_ELSE),
        (facts(invitation=MessageState.QUEUED), Step.REACHABLE, Loss.TO_SEND),
        (facts(invitation=MessageState.UNKNOWN), Step.REACHABLE, Loss.UNCLEAR),
        (facts(invitation=MessageState.SENT), Step.TRIED, Loss.AWAITED),
        (facts(invitation=MessageState.DELIVERED), Step.ARRIVED, Loss.AWAITED),
        (facts(invitation=MessageState.DELIVERED, opened=True, mode=Mode.WEB), Step.STARTED, Loss.AWAITED),
        (facts(EXPIRED, invitation=MessageState.DELIVERED, opened=True), Step.STARTED, Loss.LEFT_HALFWAY),
        (facts(EXPIRED, invitation=MessageState.DELIVERED), Step.ARRIVED, Loss.SILENT),
        (facts(EXPIRED, invitation=MessageState.SENT), Step.TRIED, Loss.NO_RECEIPT),
        (facts(EXPIRED, RING, invitation=MessageState.FAILED), Step.REACHABLE, Loss.NUMBER_REFUSED),
        (facts(EXPIRED, RING, invitation=MessageState.NEEDS_HUMAN), Step.REACHABLE, Loss.UNCLEAR),
        (facts(STOPPED, invitation=MessageState.DELIVERED, wrote=True), Step.ARRIVED, Loss.STOPPED),
        (facts(STOPPED, RING, last="refused", met=True), Step.ARRIVED, Loss.DECLINED),
        (facts(channel=RING), Step.REACHABLE, Loss.ON_LIST),
        (facts(channel=Channel.PAPER, sent_out=True, last="sent"), Step.TRIED, Loss.SHEET_OUT),
        (facts(EXPIRED, RING), Step.REACHABLE, Loss.NEVER_TRIED),
        (facts(EXPIRED, RING, last="no_answer"), Step.TRIED, Loss.NOBODY_MET),
        (facts(EXPIRED, RING, last="call_back", met=True), Step.ARRIVED, Loss.PUT_OFF),
        (facts(EXPIRED, Channel.PAPER, last="sent"), Step.TRIED, Loss.SHEET_KEPT),
        (facts(ConversationState.UNREACHABLE, RING, last="deceased"), Step.TRIED, Loss.DECEASED),
        (facts(ConversationState.UNREACHABLE, Channel.NONE), Step.BEGUN, Loss.NO_WAY),
        (facts(ConversationState.UNREACHABLE, Channel.NONE, last="invalid"), Step.TRIED, Loss.NUMBER_GONE),
    ],
)
def test_through_all_ways_a_follow_up_stands_at_its_last_step_for_one_reason(
    known: Facts, step: Step, loss: str
) -> None:
    assert place(known, Way.ALL) == Place(step, loss)


@pytest.mark.parametrize(
    ("known", "step", "loss"),
    [
        (facts(channel=RING, staff_reason=StaffReason.NO_GATEWAY), Step.BEGUN, Loss.NO_GATEWAY),
        (facts(channel=RING, staff_reason=StaffReason.PLAN_EXPIRED), Step.BEGUN, Loss.PLAN_EXPIRED),
        (
            facts(channel=RING, staff_reason=StaffReason.NO_TEXT_ALLOWED, barrier=ContactReason.SAFETY),
            Step.BEGUN,
            ContactReason.SAFETY,
        ),
        (facts(channel=RING, has_number=False, texting=True), Step.BEGUN, Loss.NO_NUMBER),
        (facts(channel=RING, texting=False), Step.BEGUN, Loss.CENTRE_WITHOUT_TEXTS),
        (facts(channel=RING, texting=True), Step.BEGUN, Loss.TEXTS_UNWANTED),
        (facts(invitation=MessageState.SUPPRESSED, state=STOPPED), Step.REACHABLE, Loss.HELD_BACK),
        (facts(EXPIRED, RING, invitation=MessageState.UNDELIVERED), Step.TRIED, Loss.NUMBER_REFUSED),
        (facts(EXPIRED, RING, invitation=MessageState.ACCEPTED), Step.TRIED, Loss.NO_RECEIPT),
        (facts(channel=RING, invitation=MessageState.DELIVERED), Step.ARRIVED, Loss.SILENT),
        (facts(channel=RING, invitation=MessageState.DELIVERED, wrote=True), Step.ARRIVED, Loss.TO_STAFF),
        (facts(STOPPED, invitation=MessageState.DELIVERED, wrote=True), Step.ARRIVED, Loss.STOPPED),
        (
            facts(invitation=MessageState.SENT, own=True, mode=Mode.TELEPHONE, opened=True, last="reached"),
            Step.STARTED,
            Loss.ANSWERED_OTHERWISE,
        ),
        (facts(invitation=MessageState.SENT, own=True, mode=Mode.WEB), Step.ANSWERED, Loss.NONE),
    ],
)
def test_of_a_text_the_reason_is_the_text_s_own(known: Facts, step: Step, loss: str) -> None:
    assert place(known, Way.TEXT) == Place(step, loss)


@pytest.mark.parametrize(
    ("way", "known", "step", "loss"),
    [
        (Way.TELEPHONE, facts(channel=RING), Step.REACHABLE, Loss.ON_LIST),
        (Way.TELEPHONE, facts(channel=Channel.VISIT, last="no_answer"), Step.TRIED, Loss.NOBODY_MET),
        (Way.TELEPHONE, facts(STOPPED, RING), Step.REACHABLE, Loss.STOPPED),
        (Way.TELEPHONE, facts(EXPIRED, RING, last="not_verified"), Step.TRIED, Loss.NOT_THE_PERSON),
        (Way.TELEPHONE, facts(own=True, mode=Mode.TELEPHONE, last="reached", met=True), Step.ANSWERED, Loss.NONE),
        (
            Way.TELEPHONE,
            facts(own=True, mode=Mode.SMS, last="reached", met=True),
            Step.ARRIVED,
            Loss.ANSWERED_OTHERWISE,
        ),
        (
            Way.VISIT,
            facts(other=True, mode=Mode.VISIT, last="reached", met=True),
            Step.ARRIVED,
            Loss.SOMEBODY_ELSE,
        ),
        (Way.LETTER, facts(EXPIRED, Channel.LETTER, last="returned"), Step.TRIED, Loss.ADDRESS_GONE),
        (Way.PAPER, facts(own=True, mode=Mode.WEB), Step.ANSWERED, Loss.NONE),
    ],
)
def test_of_the_staff_s_ways_the_reason_is_what_became_of_the_last_attempt(
    way: Way, known: Facts, step: Step, loss: str
) -> None:
    assert place(known, way) == Place(step, loss)


some_facts = st.builds(
    Facts,
    state=st.sampled_from(ConversationState.values),
    channel=st.sampled_from(Channel.values),
    staff_reason=st.sampled_from(StaffReason.values),
    invitation=st.none() | st.sampled_from([state for state in MessageState.values if state != "received"]),
    wrote=st.booleans(),
    opened=st.booleans(),
    sent_out=st.booleans(),
    last=st.none() | st.sampled_from([value for value, _label in CONTACT_OUTCOMES]),
    met=st.booleans(),
    mode=st.none() | st.sampled_from(Mode.values),
    barrier=st.none() | st.sampled_from(ContactReason.values),
    has_number=st.booleans(),
    texting=st.none() | st.booleans(),
)


@st.composite
def true_facts(draw: st.DrawFn) -> Facts:
    """An answer came by some mode, and is the client's own or somebody else's."""
    found = draw(some_facts)
    answered = draw(st.sampled_from(["", "own", "other"])) if found.mode else ""
    return replace(found, own=answered == "own", other=answered == "other")


crowds = st.lists(st.tuples(true_facts(), st.integers(1, 50)), max_size=30)


@given(crowds, st.sampled_from(Way))
def test_what_a_step_loses_is_the_sum_of_its_reasons(crowd: list[tuple[Facts, int]], way: Way) -> None:
    found = funnel(way, tally(crowd, way))
    lost: Counter[Step] = Counter()
    for each in found.losses:
        lost[each.after] += each.count

    counts = [each.count for each in found.steps]
    assert counts == sorted(counts, reverse=True)
    assert [before - after for before, after in pairwise(counts)] == [lost[step] for step in STEPS[way][:-1]]
    assert found.first == sum(n for _facts, n in crowd)


@given(crowds)
def test_the_answers_of_all_ways_are_all_answers(crowd: list[tuple[Facts, int]]) -> None:
    by_way = [sum(n for known, n in crowd if known.own and answered_by(known, way)) for way in MODES]

    assert sum(by_way) == funnel(Way.ALL, tally(crowd, Way.ALL)).answered


@given(crowds)
def test_who_answered_was_reached_and_who_refused_did_not_answer(crowd: list[tuple[Facts, int]]) -> None:
    found = reach(tally(crowd, Way.ALL))

    assert found.answered + found.refused <= found.arrived <= found.begun


def test_shares_are_of_the_first_step_and_of_the_step_before() -> None:
    places = {Place(Step.CLOSED, Loss.NOT_RELEASED): 60, Place(Step.REACHABLE, Loss.ON_LIST): 10}
    places |= {Place(Step.ARRIVED, Loss.SILENT): 20, Place(Step.ANSWERED): 10}

    found = funnel(Way.ALL, places)

    assert [(each.count, each.of_first, each.of_before) for each in found.steps] == [
        (100, Decimal("100.0"), Decimal("100.0")),
        (40, Decimal("40.0"), Decimal("40.0")),
        (40, Decimal("40.0"), Decimal("100.0")),
        (30, Decimal("30.0"), Decimal("75.0")),
        (30, Decimal("30.0"), Decimal("100.0")),
        (10, Decimal("10.0"), Decimal("33.3")),
        (10, Decimal("10.0"), Decimal("100.0")),
    ]
    assert [(each.after, each.loss, each.still_open) for each in found.losses] == [
        (Step.CLOSED, Loss.NOT_RELEASED, False),
        (Step.REACHABLE, Loss.ON_LIST, True),
        (Step.ARRIVED, Loss.SILENT, False),
    ]


def test_of_nothing_there_is_no_share() -> None:
    nothing = funnel(Way.ALL, {})

    assert {(each.count, each.of_first, each.of_before) for each in nothing.steps} == {(0, None, None)}
    assert reach({}).response.percent is None
