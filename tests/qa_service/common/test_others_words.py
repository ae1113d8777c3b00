"""What Django says to people, in a Chinese of ours."""

import gettext
import re
from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from qa_service.accounts.enums import Role
from qa_service.common import others_words
from qa_service.management.commands.messages import strings_of
from tests import factories

DJANGO = gettext.translation("django", Path(django.__file__).parent / "conf" / "locale", ["zh_Hans"])


def test_every_sentence_is_one_of_django_s_and_ours_reads_otherwise():
    """A sentence that Django words anew would be said in its own Chinese again, unseen."""
    catalogue = read_po((settings.BASE_DIR / "qa_service/locale/ground/zh_Hans/LC_MESSAGES/django.po").open("rb"))
    sources = re.findall(r'^ +(?:_\()?"(.+?)"', Path(others_words.__file__).read_text("utf-8"), re.MULTILINE)

    singular = [source for source in sources if source in catalogue and source != "limit_value"]
    assert len(singular) == len(others_words.OTHERS_WORDS)
    for source in singular:
        theirs = {DJANGO.gettext(source), DJANGO.ngettext(source, source, 1)} - {source}
        assert theirs
        assert theirs.isdisjoint(strings_of(catalogue[source]))


@pytest.mark.django_db
def test_no_clumsy_sentence_reaches_whoever_types_a_code_or_looks_for_a_case():
    person = Client(headers={"Accept-Language": "zh-hans"})
    told = [
        person.post("/s/", {"code": "x" * 3000}).content.decode(),
        person.post("/s/", {"code": "AB\0"}).content.decode(),
        person.post("/o/", {"code": ""}).content.decode(),
    ]
    person.force_login(factories.user(Role.MANAGER, at=factories.centre()))
    told.append(person.get("/cases/", {"case_type": "nonsense"}).content.decode())

    assert "最多填写40个字符，现在有3000个。" in told[0]
    assert "文字中含有无法识别的字符" in told[1]
    assert ("请输入函件上的编号。" in told[2], "短信" in told[2]) == (True, False)
    assert ("没有“nonsense”这个选项" in told[3], ">全部</option>" in told[3], "---" in told[3]) == (True, True, False)
