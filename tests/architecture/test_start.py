"""What the start costs: heavy libraries are read when first used, not before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
LOOK = f"""
import json, sys
{{start}}
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
STARTS = {
    "web server": "from qa_service.wsgi import application; from django.urls import get_resolver; "
    "get_resolver().url_patterns",
    "worker": "from qa_service.celery import app; app.loader.import_default_modules(); app.finalize()",
}


@pytest.mark.parametrize("name", STARTS)
def test_the_start_imports_no_heavy_library(name):
    program = LOOK.replace("{start}", STARTS[name])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "qa_service.settings.test"}
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(said.stdout) == []
