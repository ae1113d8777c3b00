import pytest

from qa_service.common.naming import names, without_name


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
