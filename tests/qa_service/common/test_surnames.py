import pytest

from qa_service.common.surnames import called_by, without_surname


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("赵桂兰", "受援人赵某未签字", "赵某"),
        ("赵桂兰", "受援人赵某某未签字", "赵某"),
        ("赵桂兰", "赵女士称未见过律师", "赵女士"),
        ("赵桂兰", "赵老太太行动不便", "赵老太太"),
        ("赵桂兰", "赵姓老人不识字", "赵姓"),
        ("赵桂兰", "老人姓赵", "姓赵"),
        ("欧阳秀兰", "欧阳某未到场", "欧阳某"),
        ("于国强", "经于某同意", "于某"),
        ("高明", "高先生当庭表示异议", "高先生"),
        ("方红", "受援人方某个人提交的材料", "方某"),
        ("时建", "时某时年六十八岁", "时某"),
        ("常青", "常某未签字", "常某"),
        ("赵桂兰", "赵\u200b女士称未见过律师", "赵\u200b女士"),
        ("赵桂兰", "赵 某未签字", "赵 某"),
        ("高明", "⾼先生当庭表示异议", "⾼先生"),
    ],
)
def test_a_surname_beside_a_word_of_address_names_the_person(name: str, text: str, words: str) -> None:
    assert called_by(text, name) == words
    assert called_by(without_surname(text, name), name) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("高明", "质量要求提高，某些材料缺失"),
        ("高明", "诉讼请求的金额较高某项未说明"),
        ("常青", "经常某些环节脱节"),
        ("方红", "对方女士未到庭"),
        ("方红", "双方某次调解"),
        ("时建", "当时老人未到场"),
        ("时建", "及时某项告知"),
        ("于国强", "由于某种原因未会见"),
        ("于国强", "于某日到庭"),
        ("于国强", "由于老人不识字"),
        ("向阳", "未向老人说明风险"),
        ("许三", "允许某人查阅"),
        ("赵桂兰", "起诉状未附证据目录"),
        ("赵桂兰", "被告一赵\n女士未到庭"),
        ("阿依古丽·买买提", "阿某未签字"),
        ("赵", "赵"),
    ],
)
def test_an_ordinary_word_is_no_name(name: str, text: str) -> None:
    assert called_by(text, name) == ""
    assert without_surname(text, name) == text


def test_a_surname_becomes_neutral_and_the_sentence_stays_true() -> None:
    text = "受援人赵某称，被告赵女士（亦姓赵）未到庭。"

    assert without_surname(text, "赵桂兰") == "受援人某某称，被告某女士（亦姓某）未到庭。"
