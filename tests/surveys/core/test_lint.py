"""Nothing that is sent to a telephone tells a stranger what it is about, however it is written."""

import string
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveys import lint, texts
from surveys.lint import FaultKind

NEUTRAL_ZH = ("您好，", "如愿评价请回复数字。", "谢谢您！", "请在工作时间拨打{phone}", "5非常满意", "")
NEUTRAL_EN = ("Hello. ", "How was the service? ", "Reply 5. ", "Call {phone}. ", "")
# Put between the signs of a word: nothing, white space of every width, what is not seen, and punctuation.
NOISE = ("", " ", "\u3000", "\u200b", "\u00ad", "\ufeff", "\u2060", "\u200d", ".", "-", "·", "*", "_", "/", "…", "，")
LOOK_ALIKE = {"a": "аа\u0251", "c": "с", "e": "е", "i": "і", "o": "оο", "p": "р", "y": "у", "l": "ⅼӏ1", "s": "ѕ5"}
TRADITIONAL = {
    "律师": "律師",
    "法院": "法院",
    "赔偿": "賠償",
    "诉讼": "訴訟",
    "伤害": "傷害",
    "判决": "判決",
    "离婚": "離婚",
}


@st.composite
def disguised(draw: st.DrawFn, words: tuple[str, ...]) -> tuple[str, str]:
    """A word of the table and one of the ways in which somebody might still get it through."""
    word = draw(st.sampled_from(words))
    signs = []
    for sign in draw(st.sampled_from([word, TRADITIONAL.get(word, word), word.upper()])):
        wide = chr(ord(sign) + 0xFEE0) if sign in string.ascii_letters else sign
        accented = unicodedata.normalize("NFC", sign + "\u0301") if sign in string.ascii_letters else sign
        like = draw(st.sampled_from(LOOK_ALIKE[sign])) if sign in LOOK_ALIKE else sign
        signs.append(draw(st.sampled_from([sign, wide, accented, like])) + draw(st.sampled_from(NOISE)))
    return word, "".join(signs)


@settings(deadline=None, max_examples=150)
@given(disguised(lint.CHINESE), st.sampled_from(NEUTRAL_ZH), st.sampled_from(NEUTRAL_ZH))
def test_a_telling_chinese_word_is_found_in_any_dress(word: tuple[str, str], before: str, after: str) -> None:
    told, written = word

    assert told in {fault.value for fault in lint.faults(before + written + after)}


@settings(deadline=None, max_examples=150)
@given(disguised(tuple(sorted(lint.ENGLISH))), st.sampled_from(NEUTRAL_EN), st.sampled_from(NEUTRAL_EN))
@example(("case", "c a s e"), "Is a ", "")
def test_a_telling_english_word_is_found_in_any_dress(word: tuple[str, str], before: str, after: str) -> None:
    told, written = word

    assert told in {fault.value for fault in lint.faults(before + written + " " + after)}


@pytest.mark.parametrize(
    "told",
    [
        *(
            "官司已办结，请回复5满意1不满意",
            "您的案子怎么样了",
            "案已结",
            "撤诉",
            "诉状",
            "传票",
            "依法",
            "合法权益",
            "法治",
        ),
        *(
            "劳动争议",
            "纠纷",
            "取保候审",
            "在押",
            "您被打的事已办结",
            "被打",
            "挨打",
            "打架",
            "威胁",
            "恐吓",
            "跟踪",
            "骚扰",
        ),
        *(
            "受害人",
            "侵害",
            "he hit you",
            "the beating",
            "attacked",
            "threatened",
            "stalking",
            "paralegal",
            "proceedings",
        ),
        *("jury", "statute", "your claim", "a debt", "your husband"),
        *("赔款", "理赔", "和解", "一审", "二审", "审理", "欠款", "丈夫", "老公", "对方"),
    ],
)
def test_what_a_manager_might_write_of_a_case_is_found(told: str) -> None:
    assert lint.faults(told)


@pytest.mark.parametrize(
    "harmless",
    [
        *(
            "如不想被打扰，请回复T",
            "有没有办法帮到您",
            "无法接听请回复",
            "您可以投诉",
            "请告诉我们",
            "您家庭成员可代答",
            "一律保密",
            "由专人统一审核",
            "咨询和解答",
            "您对方便程度满意吗",
        ),
        *("We will be at your service. Reply 1 to 5.", "Hi, how was the help?", "Which it is, reply 5"),
    ],
)
def test_harmless_words_that_share_a_sign_pass(harmless: str) -> None:
    assert lint.faults(harmless) == ()


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from([*NEUTRAL_ZH, *NEUTRAL_EN, "{link} "]), max_size=6))
def test_neutral_sentences_pass_in_any_order(parts: list[str]) -> None:
    assert lint.faults("".join(parts)) == ()


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300))
def test_any_text_whatever_is_judged(text: str) -> None:
    assert isinstance(lint.faults(text, names=["临江县某所"]), tuple)


@pytest.mark.parametrize("template", [body for langs in texts.TEMPLATES.values() for body in langs.values()])
def test_no_text_of_ours_tells_what_it_is_about(template: str) -> None:
    assert lint.faults(template) == ()


@pytest.mark.parametrize("signature", texts.SIGNATURE.values())
def test_nor_does_the_signature(signature: str) -> None:
    assert lint.faults(signature) == ()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("您的案件已办结", FaultKind.WORD, "案件"),
        ("您的离婚案请回复", FaultKind.WORD, "案"),
        ("your l4wyer asks", FaultKind.WORD, "lawyer"),
        ("您好{client_name}", FaultKind.VARIABLE, "client_name"),
        ("您好{link.__class__}", FaultKind.VARIABLE, "link.__class__"),
        ("您好{link!r}", FaultKind.BRACES, "{link}"),
        ("您好{link:>30}", FaultKind.BRACES, "{link}"),
        ("您好{0}", FaultKind.VARIABLE, "0"),
        ("您好{", FaultKind.BRACES, "{ }"),
        ("（2026）临援字第 12 号已办结", FaultKind.CASE_NUMBER, "(2026)临援字第12号"),
        ("点 https://x.example/a", FaultKind.ADDRESS, "https://x.example/a"),
        ("点 moj.gov.cn", FaultKind.ADDRESS, "moj.gov.cn"),
        ("王 小 明向您问好", FaultKind.NAME, "王小明"),
    ],
)
def test_what_is_told_is_named(text: str, kind: FaultKind, value: str) -> None:
    assert (kind, value) in {(fault.kind, fault.value) for fault in lint.faults(text, names=["王小明", ""])}
