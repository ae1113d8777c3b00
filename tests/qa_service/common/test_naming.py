import sys
import unicodedata

import pytest

from qa_service.common.naming import names, without_name
from qa_service.documents.printable import printable


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("欧阳秀兰未签字", "受援人未签字"),
        ("欧阳 秀\n兰未签字，欧阳秀兰未到场", "受援人未签字，受援人未到场"),
        ("欧阳未签字", "欧阳未签字"),
    ],
)
def test_a_name_is_found_and_replaced_whatever_blanks_stand_in_it(text, without):
    assert without_name(text, "欧阳　秀兰", instead="受援人") == without
    assert names(text, "欧阳　秀兰") == (text != without)


def test_signs_of_a_name_are_no_pattern():
    assert not names("阿依古丽和买买提", "阿依古丽.买买提")


@pytest.mark.parametrize("name", ["", "张"])
def test_one_character_names_nobody(name):
    assert not names("第三张", name)
    assert without_name("第三张", name, instead="受援人") == "第三张"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("贺·玉国未签字", "贺玉国"),
        ("贺⽟国未签字", "贺玉国"),  # a radical, as copied out of a PDF
        ("買買提•吐爾遜未签字", "買買提·吐爾遜"),
        ("買買提吐爾遜未签字", "買買提·吐爾遜"),
        ("zhang sanfeng未签字", "ZHANG Sanfeng"),
        ("ＺＨＡＮＧ未签字", "Zhang"),
    ],
)
def test_a_name_is_found_however_it_is_spelt_to_the_eye(text, name):
    assert names(text, name)
    assert without_name(text, name, instead="受援人") == "受援人未签字"


def test_nothing_that_a_paper_leaves_out_hides_a_name():
    unseen = [
        sign for sign in map(chr, range(sys.maxunicode + 1)) if not printable(sign) or not printable(sign).strip()
    ]

    assert {unicodedata.category(sign) for sign in unseen} >= {"Cc", "Cf", "Mn"}
    assert [hex(ord(sign)) for sign in unseen if not names(f"贺{sign}玉国", "贺玉国")] == []
