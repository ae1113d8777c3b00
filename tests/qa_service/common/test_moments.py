"""Dates on pages: one form, in one piece, by the clock of the place."""

from datetime import UTC, date, datetime

from django.template import Context, Template

LATE = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # half past one of the next day in Shanghai


def shown(source: str, **context: object) -> str:
    return Template("{% load moments %}" + source).render(Context(context))


def test_a_day_is_that_of_the_place():
    assert shown("{{ at|day }}", at=LATE) == '<time datetime="2026-11-21">2026-11-21</time>'
    assert shown("{{ at|day }}", at=date(2026, 1, 5)) == '<time datetime="2026-01-05">2026-01-05</time>'


def test_a_moment_names_its_zone_to_machines():
    assert shown("{{ at|moment }}", at=LATE) == '<time datetime="2026-11-21T01:30:00+08:00">2026-11-21 01:30</time>'


def test_nothing_leaves_room_for_a_word():
    assert shown('{{ at|day|default:"not yet" }}', at=None) == "not yet"


def test_dates_of_a_finished_sentence_stay_whole_and_its_words_escaped():
    assert shown("{{ said|whole }}", said="<b> until 2026-12-04") == (
        '&lt;b&gt; until <span class="whole">2026-12-04</span>'
    )


def test_a_date_in_a_message_of_the_home_stays_whole_on_a_narrow_screen():
    line = {"url": "/x", "text": "请于 2026-12-04 前答复"}

    assert '<span class="whole">2026-12-04</span>' in shown('{% include "notice_line.html" %}', line=line)
