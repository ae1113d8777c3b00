"""Letters on paper: put together, printed, gone; reminders; what becomes of an e-mail."""

from datetime import timedelta

import pytest

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import EvidenceChange
from qa_service.common.errors import InvalidInput, NotFound
from qa_service.notifications.enums import MailState
from qa_service.notifications.models import Mail
from qa_service.organisations.models import CentreSettings
from surveys import services
from surveys.enums import Channel, ErrandOutcome, LetterWay, OrganWay
from surveys.models import Conversation, LetterBatch, Organ, OrganLetter
from surveys.queries.organ_letters import stacks_to_print
from surveys.services.organs.organ_letters import BatchGone, NothingToPrint
from surveys.services.organs.organ_reminders import Followed
from tests import factories
from tests.at_once import just_before
from tests.factories import NOW
from tests.qa_service.documents.reading import pages_of, text_of
from tests.surveys.organs.rows import COURT, GOOD, asked, asking_centre, keyed_in, organ, sent

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def centre():
    return asking_centre(issuer_name="临江县法律援助中心")


@pytest.fixture
def clerk(centre):
    return factories.user(Role.FOLLOW_UP, at=centre)


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example.org"


def steps(conversation) -> list[tuple[int, str]]:
    return list(conversation.letters.order_by("step", "way").values_list("step", "way"))


def settle(state: str, *, at=NOW) -> None:
    Mail.objects.update(state=state, settled_at=at)


# --- on paper


def test_letters_to_one_unit_are_put_together_and_wait_no_more(centre, clerk):
    rows = [asked(centre) for _each in range(3)]
    unit = Organ.objects.get()
    waiting = [(stack.organ, stack.letters, stack.reminders) for stack in stacks_to_print(clerk)]

    batch = services.make_batch(user=clerk, organ=unit, now=NOW)

    assert waiting == [(unit, 3, 0)]
    assert stacks_to_print(clerk) == []
    assert set(batch.letters.values_list("conversation", flat=True)) == {row.pk for row in rows}
    with pytest.raises(NothingToPrint):
        services.make_batch(user=clerk, organ=unit, now=NOW)


def test_time_runs_from_the_day_on_which_the_letter_left(centre, clerk):
    conversation = asked(centre)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    services.send_batch(user=clerk, public_id=batch.public_id, day=(NOW + 9 * DAY).date(), now=NOW + 10 * DAY)

    conversation.refresh_from_db()
    moments = (conversation.sent_out_at, conversation.remind_at, conversation.closes_at)
    assert [(moment - NOW).days for moment in moments if moment] == [9, 9 + 13, 9 + 45]
    assert EvidenceChange.objects.filter(case=conversation.case).exists()


@pytest.mark.parametrize(("day", "told"), [(None, "sent_on"), (-1, "sent_on"), (1, "sent_on")])
def test_a_day_on_which_nothing_can_have_left_is_refused(centre, clerk, day, told):
    asked(centre)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    left = None if day is None else (NOW + day * DAY).date()
    with pytest.raises(InvalidInput) as refused:
        services.send_batch(user=clerk, public_id=batch.public_id, day=left, now=NOW)

    assert refused.value.field == told
    assert LetterBatch.objects.get().sent_on is None


def test_letters_leave_once(centre, clerk):
    batch = sent(asked(centre))

    with pytest.raises(BatchGone):
        services.send_batch(user=clerk, public_id=batch.public_id, day=NOW.date(), now=NOW)


def test_a_unit_that_was_silent_is_reminded_twice_and_then_left_alone(centre, clerk):
    conversation = asked(centre)
    sent(conversation)

    services.remind_organs(now=NOW + 13 * DAY)
    early = steps(conversation)
    services.remind_organs(now=NOW + 14 * DAY)
    services.remind_organs(now=NOW + 14 * DAY)
    sent(conversation, now=NOW + 15 * DAY)
    services.remind_organs(now=NOW + 29 * DAY)
    sent(conversation, now=NOW + 30 * DAY)
    services.remind_organs(now=NOW + 44 * DAY)

    paper = LetterWay.PAPER
    assert (early, steps(conversation)) == ([(0, paper)], [(0, paper), (1, paper), (2, paper)])
    conversation.refresh_from_db()
    assert (conversation.reminders, conversation.remind_at, conversation.sent_out_at) == (2, None, NOW)


def test_a_unit_that_answered_is_not_reminded(centre):
    conversation = asked(centre)
    sent(conversation)
    keyed_in(conversation, GOOD)

    assert services.remind_organs(now=NOW + 14 * DAY).on_paper == 0


def test_a_unit_taken_out_of_the_book_is_not_reminded(centre):
    conversation = asked(centre)
    sent(conversation)
    Organ.objects.update(active=False)

    assert services.remind_organs(now=NOW + 14 * DAY).on_paper == 0
    conversation.refresh_from_db()
    assert conversation.remind_at is None


def test_what_nobody_answers_closes_without_an_answer(centre):
    conversation = asked(centre)
    sent(conversation)

    services.expire(now=NOW + 46 * DAY)

    conversation.refresh_from_db()
    assert (conversation.state, hasattr(conversation, "response")) == ("expired", False)


def test_clients_sweeps_leave_organs_alone(centre):
    conversation = asked(centre)
    sent(conversation)
    before = Conversation.objects.filter(pk=conversation.pk).values().get()

    services.remind(now=NOW + 20 * DAY)
    services.lapse(now=NOW + 20 * DAY)

    assert Conversation.objects.filter(pk=conversation.pk).values().get() == before


@pytest.mark.usefixtures("fonts")
def test_the_letter_names_the_case_the_lawyer_and_the_unit_and_never_the_client(centre, clerk):
    person = factories.client(centre, name="赵金凤")
    conversation = asked(centre, client=person)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    pdf = services.print_batch(user=clerk, public_id=batch.public_id, now=NOW)

    text = text_of(pdf)
    case = conversation.case
    for told in (COURT, case.number, case.lawyer.name, case.firm.name, "民事", "0739-5550100", "qa.example.org/o/"):
        assert told in text, told
    assert ("赵金凤" in text, case.cause in text) == (False, False)
    assert len(pages_of(pdf)) == 2
    assert Entry.objects.filter(action="surveys.printed", subject_id=str(case.pk)).count() == 1


@pytest.mark.usefixtures("fonts")
def test_each_letter_begins_on_the_front_of_a_sheet_and_the_code_stays_the_same(centre, clerk):
    rows = [asked(centre) for _each in range(3)]
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    first = services.print_batch(user=clerk, public_id=batch.public_id, now=NOW)
    codes = set(Conversation.objects.values_list("code_digest", flat=True))
    again = services.print_batch(user=clerk, public_id=batch.public_id, now=NOW)

    assert first == again
    assert set(Conversation.objects.values_list("code_digest", flat=True)) == codes
    pages = [page.extract_text() for page in pages_of(first)]
    starts = [number for number, page in enumerate(pages) if "征询意见函" in page]
    assert len(starts) == len(rows)
    assert [number % 2 for number in starts] == [0, 0, 0]


@pytest.mark.usefixtures("fonts")
def test_a_unit_that_answers_on_paper_alone_gets_no_link(centre, clerk):
    organ(centre, way=OrganWay.LETTER)
    asked(centre)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    assert "/o/" not in text_of(services.print_batch(user=clerk, public_id=batch.public_id, now=NOW))


@pytest.mark.usefixtures("fonts")
def test_the_letter_speaks_english_where_it_is_asked_to(centre, clerk):
    asked(centre)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    text = text_of(services.print_batch(user=clerk, public_id=batch.public_id, language="en", now=NOW))

    assert ("Requestforanopinion" in text.replace(" ", ""), "征询意见函" in text) == (True, False)


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize(
    ("language", "address"),
    [("zh-hans", "湖南省潇湖市临江县城关镇府前路12号政务服务中心二楼 422000"), ("en", "湖南省临江县府前路12号 422000")],
)
def test_letter_and_form_take_a_side_each_with_names_as_long_as_they_come(clerk, centre, language, address):
    CentreSettings.objects.update(postal_address=address)
    firm = factories.firm(centre, name="潇湖市临江县城关镇基层法律服务工作所分部")
    lawyer = factories.lawyer(firm, name="欧阳明德学")
    conversation = asked(centre, organ_number="（2026）湘0511民初88号", firm=firm, lawyer=lawyer)
    Conversation.objects.update(reminders=1)

    data = services.print_letter(user=clerk, conversation=conversation, language=language, now=NOW)

    assert len(pages_of(data)) == 2
    assert address.replace(" ", "") in text_of(data)


@pytest.mark.usefixtures("fonts")
def test_the_letter_gives_the_unit_s_own_case_number_and_where_the_form_goes_back_to(clerk, centre):
    CentreSettings.objects.update(postal_address="临江县府前路12号")
    conversation = asked(centre, organ_number="（2026）湘0511民初88号")

    data = services.print_letter(user=clerk, conversation=conversation, now=NOW)

    letter, form = ("".join(page.extract_text().split()) for page in pages_of(data)[:2])
    assert "贵单位案号" in letter
    assert "（2026）湘0511民初88号" in letter
    assert "寄回临江县府前路12号，临江县法律援助中心" in form


@pytest.mark.usefixtures("fonts")
def test_where_neither_is_known_nothing_is_printed_of_it(centre, clerk):
    text = text_of(services.print_letter(user=clerk, conversation=asked(centre), now=NOW))

    assert ("贵单位案号" in text, "寄回临" in text) == (False, False)


@pytest.mark.usefixtures("fonts")
def test_a_unit_is_written_to_in_its_language_unless_another_is_asked_for(centre, clerk):
    organ(centre, language="en")
    conversation = asked(centre)

    own = text_of(services.print_letter(user=clerk, conversation=conversation, now=NOW))
    chosen = text_of(services.print_letter(user=clerk, conversation=conversation, language="zh-hans", now=NOW))

    assert ("Requestforanopinion" in own, "征询" in chosen) == (True, True)


def test_what_is_answered_is_not_printed_any_more(centre, clerk):
    conversation = asked(centre)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)
    keyed_in(conversation)

    with pytest.raises(NothingToPrint):
        services.print_batch(user=clerk, public_id=batch.public_id, now=NOW)


def test_printing_many_letters_costs_the_database_what_printing_one_does(
    centre, clerk, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(
        "surveys.services.organs.organ_letters.letters_pdf", lambda contents: bytes(len(list(contents)))
    )
    firm, lawyer = factories.firm(centre), factories.lawyer()
    organ(centre)
    for _each in range(12):
        factories.case(centre, firm=firm, lawyer=lawyer)
    services.ask_organs(now=NOW)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    with django_assert_max_num_queries(14):
        assert services.print_batch(user=clerk, public_id=batch.public_id, now=NOW) == bytes(12)


def test_another_centre_s_letters_do_not_exist(centre, clerk):
    asked(centre)
    stranger = factories.user(Role.MANAGER, at=factories.centre())
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)

    with pytest.raises(NothingToPrint):
        services.make_batch(user=stranger, organ=Organ.objects.get(), now=NOW)
    for act in (services.print_batch, lambda **given: services.send_batch(day=NOW.date(), **given)):
        with pytest.raises(NotFound):
            act(user=stranger, public_id=batch.public_id, now=NOW)


def test_the_lawyer_of_the_case_prints_no_letter_about_it_by_a_second_hat(centre, clerk):
    own, other = asked(centre), asked(centre)
    lawyer = factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=own.case.lawyer)

    batch = services.make_batch(user=lawyer, organ=Organ.objects.get(), now=NOW)

    assert list(batch.letters.values_list("conversation", flat=True)) == [other.pk]
    with pytest.raises(NothingToPrint):
        services.print_letter(user=lawyer, conversation=own, now=NOW)


# --- by e-mail


@pytest.fixture
def mailed(centre, mail_server):
    organ(centre, way=OrganWay.EMAIL)
    return asked(centre)


def test_an_e_mail_that_the_server_took_has_left(mailed):
    settle(MailState.SENT)

    assert [services.follow_mails(now=NOW).left, services.follow_mails(now=NOW).left] == [1, 0]

    mailed.refresh_from_db()
    assert (mailed.sent_out_at, mailed.channel) == (NOW, Channel.EMAIL)


def test_an_e_mail_that_no_server_takes_becomes_a_letter(mailed, clerk):
    settle(MailState.REFUSED)

    assert services.follow_mails(now=NOW).on_paper == 1

    mailed.refresh_from_db()
    assert (mailed.channel, mailed.remind_at) == (Channel.LETTER, None)
    assert steps(mailed) == [(0, LetterWay.EMAIL), (0, LetterWay.PAPER)]
    assert [stack.letters for stack in stacks_to_print(clerk)] == [1]


def test_of_two_sweeps_that_find_one_refused_e_mail_the_second_has_nothing_to_do(mailed):
    settle(MailState.REFUSED)

    with just_before("SAVEPOINT", lambda: services.follow_mails(now=NOW)):
        second = services.follow_mails(now=NOW + timedelta(hours=1))

    assert (second, OrganLetter.objects.get(way=LetterWay.EMAIL).followed_at) == (Followed(), NOW)
    assert Entry.objects.filter(action="surveys.rung_changed").count() == 1


@pytest.mark.parametrize("state", [MailState.SENT, MailState.REFUSED])
def test_what_became_of_an_e_mail_changes_nothing_once_the_unit_has_answered(mailed, state):
    Conversation.objects.update(sent_out_at=NOW)
    keyed_in(mailed)
    settle(state, at=NOW + timedelta(hours=1))
    before = Conversation.objects.values().get()

    services.follow_mails(now=NOW + timedelta(hours=2))

    assert (Conversation.objects.values().get(), OrganLetter.objects.filter(way=LetterWay.PAPER).count()) == (before, 0)


def test_letters_that_leave_after_the_answer_remind_nobody(centre, clerk):
    conversation = asked(centre)
    batch = services.make_batch(user=clerk, organ=Organ.objects.get(), now=NOW)
    keyed_in(conversation)

    services.send_batch(user=clerk, public_id=batch.public_id, day=NOW.date(), now=NOW)

    conversation.refresh_from_db()
    assert conversation.remind_at is None


def test_an_e_mail_of_which_nobody_knows_is_left_to_the_reminder(mailed):
    settle(MailState.UNKNOWN)

    assert services.follow_mails(now=NOW).unclear == 1

    mailed.refresh_from_db()
    assert (mailed.channel, mailed.sent_out_at, mailed.remind_at is None) == (Channel.EMAIL, None, False)


def test_a_reminder_by_e_mail_repeats_the_link_of_the_first(mailed):
    first = Mail.objects.get()

    services.remind_organs(now=NOW + 14 * DAY)

    second = Mail.objects.latest("pk")
    link = next(line for line in first.body.splitlines() if "/o/" in line)
    assert link in second.body
    assert (second.pk != first.pk, "再次" in second.subject) == (True, True)
    mailed.refresh_from_db()
    assert (mailed.reminders, (mailed.remind_at - NOW).days) == (1, 27)


def test_an_e_mail_that_came_back_is_sent_as_a_letter(mailed, clerk):
    services.end_asking(user=clerk, conversation=mailed, outcome=ErrandOutcome.RETURNED, now=NOW)

    mailed.refresh_from_db()
    assert (mailed.is_open, mailed.channel) == (True, Channel.LETTER)
    assert OrganLetter.objects.filter(conversation=mailed, way=LetterWay.PAPER, batch=None).count() == 1
