"""How the faces of figures are read back: a browser, a program, a table file, the words of a picture."""

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree as ET

from django.test import Client as Browser
from pypdf import PdfReader
from rest_framework.test import APIClient

from qa_service.accounts.models import User


def browser_of(user: User, language: str = "en") -> Browser:
    browser = Browser(headers={"accept-language": language})
    browser.force_login(user)
    return browser


def api(user: User) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(user)
    return client


def rows_of_csv(answer: Any) -> list[list[str]]:
    """Without the header."""
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


def tables_of(markup: str) -> list[list[list[str]]]:
    """Cells of every table of a piece of a page, without what is set small beside them."""
    return [
        [
            [
                re.sub(r"<span.*?</span>|<[^>]*>", "", cell).strip()
                for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, flags=re.DOTALL)
            ]
            for row in re.findall(r"<tr.*?</tr>", table.partition("<tbody")[2], flags=re.DOTALL)
        ]
        for table in re.findall(r"<table.*?</table>", markup, flags=re.DOTALL)
    ]


def heard_of_charts(markup: str) -> dict[str, str]:
    """What a screen reader hears of each picture, by its title."""
    roots = [ET.fromstring(picture) for picture in re.findall(r"<svg.*?</svg>", markup, flags=re.DOTALL)]
    # Where marks can be pressed, the links lie beside what is heard.
    heard = [root if root.get("role") else root[0] for root in roots]
    assert {picture.get("role") for picture in heard} <= {"img"}
    return {str(picture[0].text): str(picture[1].text) for picture in heard}


def words_of_pdf(answer: Any) -> str:
    """Everything printed, without blanks: lines break where the paper ends."""
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))
