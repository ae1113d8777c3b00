"""What the start costs: heavy libraries are read when first used, not before."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = (
    "reportlab",
    "twilio",
    "alibabacloud_dysmsapi20170525",
    "darabonba",
    "Tea",
    "xlsxwriter",
    "fontTools",
    "uharfbuzz",
    "python_calamine",
    "openpyxl",
    "docx",
)
# One program goes through both; what the second reads besides is told as its own.
PROGRAM = f"""
import json, sys
def heavy():
    return [name for name in {HEAVY!r} if name in sys.modules]
from qa_service.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
web_server = heavy()
from qa_service.celery import app
app.loader.import_default_modules()
app.finalize()
print(json.dumps({{"web server": web_server, "worker": heavy()}}))
"""


def test_the_start_imports_no_heavy_library():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "qa_service.settings.test"}
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(said.stdout) == {"web server": [], "worker": []}
