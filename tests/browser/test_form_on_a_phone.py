"""What the client's form does where the device lets it, and what it does without: a voice, a network."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from qa_service.organisations.models import Organisation
from surveys.models import Answer
from tests.browser.form import begin, in_english, press_next
from tests.surveys.faces.rows import CENTRE_NAME, asked

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


# The lines on which the name of the page stands, as they are read.
LINES = """name => {
  const text = name.firstChild, lines = new Map();
  for (let at = 0; at < text.length; at += 1) {
    const range = document.createRange();
    range.setStart(text, at); range.setEnd(text, at + 1);
    const top = Math.round(range.getBoundingClientRect().top);
    lines.set(top, (lines.get(top) || "") + text.data[at]);
  }
  return [...lines.values()].map(line => line.trim());
}"""


@pytest.mark.parametrize("name", [CENTRE_NAME, "Intergovernmental Legal Aid Centre"])
def test_the_name_of_a_centre_is_broken_between_words_and_leaves_no_sign_alone(live_server, phone, key, name):
    Organisation.objects.filter(name=CENTRE_NAME).update(name=name)
    page = phone.new_page()
    begin(page, live_server, key)
    in_english(page)
    page.set_viewport_size({"width": 375, "height": 667})

    lines = page.locator(".top .name").evaluate(LINES)

    assert min(len(line) for line in lines) > 3
    assert " ".join(lines) == name or lines == [name[:5], name[5:]]


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
