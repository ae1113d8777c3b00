"""What the client's form does where the device lets it, and what it does without: a voice, a network."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from surveys.models import Answer
from tests.browser.form import begin, press_next
from tests.surveys.faces.rows import asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def key() -> str:
    now = timezone.now()
    return asked(invited_at=now, closes_at=now + timedelta(days=21), late_until=now + timedelta(days=60))[1]


# A telephone with a voice; the browser of the tests has none.
A_VOICE = """
  const spoken = [];
  const voices = VOICES;
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => voices, speak: (words) => spoken.push(words), cancel: () => {}, speaking: false, spoken,
  } });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


@pytest.mark.parametrize(
    ("voices", "offered"), [("[]", False), ('[{lang: "en-US"}]', False), ('[{lang: "zh_CN"}]', True)]
)
def test_read_aloud_is_offered_where_the_device_has_a_voice_and_says_the_answers_by_number(
    live_server, phone, key, voices, offered
):
    page = phone.new_page()
    page.add_init_script(A_VOICE.replace("VOICES", voices))
    begin(page, live_server, key)
    button = page.get_by_role("button", name="朗读")

    assert button.is_visible() is offered
    if offered:
        button.click()
        (said,) = page.evaluate("speechSynthesis.spoken.map((words) => words.text)")
        assert said.startswith("第 1 题，共 8 题。 总的来说，您对这次服务满意吗？。 1, 非常满意。 2, 满意")


def test_without_a_network_the_answer_stays_on_the_page_and_the_next_press_sends_it(live_server, phone, key):
    page = phone.new_page()
    begin(page, live_server, key)
    page.locator('input[value="4"]').check()

    phone.set_offline(True)
    press_next(page)
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator('input[name="value"]:checked')).to_have_value("4")
    phone.set_offline(False)
    press_next(page)

    page.wait_for_url("**/q/q2")
    assert Answer.objects.get().choice.value == "4"
