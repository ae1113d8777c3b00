import re
import subprocess
import sys
from pathlib import Path

from qa_service.management.commands.setup import QUESTIONS

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
READ = re.compile(r"env(?:\.\w+)?\(\s*\"([A-Z][A-Z0-9_]+)\"")


def settings_read() -> set[str]:
    files = (ROOT / "qa_service" / "settings").glob("*.py")
    return {name for path in files for name in READ.findall(path.read_text(encoding="utf-8"))}


# Writing it for the programs one starts is no reading: `os.environ["X"] = …`, `setdefault`, handing the whole on.
READ_ELSEWHERE = re.compile(r"getenv\(|environ\.get\(|environ\[[^\]]+\](?!\s*=[^=])|\benviron\.Env\b|FileAwareEnv")
PROGRAM = ("qa_service", "surveys", "reviews", "scoring", "manage.py")


def test_the_environment_is_read_by_the_settings_alone():
    files = [
        path for name in PROGRAM for path in ((ROOT / name).rglob("*.py") if name[-3:] != ".py" else [ROOT / name])
    ]
    outside = [path for path in files if path.parent != ROOT / "qa_service" / "settings"]

    assert len(outside) > 100
    assert [str(path) for path in outside if READ_ELSEWHERE.search(path.read_text(encoding="utf-8"))] == []
    inside = (ROOT / "qa_service" / "settings").glob("*.py")
    assert [path.name for path in inside if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))] == []


def settings_documented() -> set[str]:
    """The first cell of each row of the settings tables."""
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", DOCUMENT, flags=re.MULTILINE))


def test_every_setting_read_from_the_environment_is_documented():
    for_tests = {name for name in settings_read() if name.startswith("TEST_")}

    assert settings_read() - for_tests == settings_documented()


def test_every_flag_of_setup_is_documented():
    assert [question.flag for question in QUESTIONS if f"`--{question.flag}`" not in DOCUMENT] == []


def test_in_production_both_cookies_belong_to_this_host_alone_and_travel_by_tls_alone():
    shown = "import sys, importlib as i; s = i.import_module('qa_service.settings.production'); print(" + ", ".join(
        f"s.{kind}_COOKIE_{what}" for kind in ("SESSION", "CSRF") for what in ("NAME", "SECURE")
    )

    said = subprocess.run(
        ["deploy/with-example-settings", sys.executable, "-c", shown + ")"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert said.stdout.split() == ["__Host-session", "True", "__Host-csrftoken", "True"]
