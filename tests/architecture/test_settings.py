import re
from pathlib import Path

from qa_service.management.commands.setup import QUESTIONS

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
READ = re.compile(r"env(?:\.\w+)?\(\s*\"([A-Z][A-Z0-9_]+)\"")


def settings_read() -> set[str]:
    files = (ROOT / "qa_service" / "settings").glob("*.py")
    return {name for path in files for name in READ.findall(path.read_text(encoding="utf-8"))}


def settings_documented() -> set[str]:
    """The first cell of each row of the settings tables."""
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", DOCUMENT, flags=re.MULTILINE))


def test_every_setting_read_from_the_environment_is_documented():
    for_tests = {name for name in settings_read() if name.startswith("TEST_")}

    assert settings_read() - for_tests == settings_documented()


def test_every_flag_of_setup_is_documented():
    assert [question.flag for question in QUESTIONS if f"`--{question.flag}`" not in DOCUMENT] == []
