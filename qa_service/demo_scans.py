"""Scanned files of the demo, made and uploaded by its worker: whoever opens one of these files to mark it sees pages.

They are typed papers without people or facts, as a scanning room would send them, in the order of the catalogue.
"""

import io
from datetime import date, datetime
from typing import Final

from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case
from qa_service.documents import pdf
from qa_service.documents.content import Paragraph, Sheet
from qa_service.documents.fonts import fonts_ready
from qa_service.organisations.models import Organisation
from reviews.models import in_language
from reviews.queries.acceptance import catalogue_in_force
from reviews.queries.scans import ground_known
from reviews.services.scans import Upload, upload_scan

# Those that the usual rules draw whatever the seed is: so that each reader meets one or two.
FILES: Final = 6
LEFT_OUT: Final = 4  # every fourth paper is missing: there is something to find
LINES: Final = 24  # on both sides of a leaf
UPLOADED: Final = "reviews.scan_uploaded"
NOTE: Final = "演示材料：本页由演示程序生成，文中没有真实的人和事，供翻页、检索和引用页码之用。"
SAID: Final = (
    "办理情况按时间先后记录，日期、地点和在场人员均已注明，内容经核对无误。",
    "有关事实以在卷证据为准，证据名称、来源和拟证明的内容逐项列明。",
    "争议焦点及法律依据分项说明，并与答辩意见逐条对应。",
    "已将办理进展告知有关人员，告知的方式和时间记录在卷。",
)


def show_scans(*, centre: Organisation, desk: User, now: datetime) -> int:
    """Upload some files, once: what somebody takes off afterwards stays off. How many; none before fonts are ready."""
    if not fonts_ready() or Entry.objects.filter(action=UPLOADED).exists():
        return 0
    uploaded = 0
    for case in _first_of_each_lawyer(centre):
        checklist = catalogue_in_force(case)
        if checklist is None or ground_known(case) is not None:
            continue
        titles = [in_language(paper["title"]) for paper in checklist.catalogue]
        data = pdf.sheets([_paper(case, title, at) for at, title in enumerate(titles, start=1) if at % LEFT_OUT])
        upload = Upload(stream=io.BytesIO(data), size=len(data), name="案卷.pdf")
        upload_scan(case=case, upload=upload, declared_open=True, user=desk, now=now)
        uploaded += 1
        if uploaded == FILES:
            break
    return uploaded


def _first_of_each_lawyer(centre: Organisation) -> list[Case]:
    since: date | None = centre.settings.go_live_on
    if since is None:
        return []
    firsts: dict[int, Case] = {}
    for case in Case.objects.filter(centre=centre, closed_on__gte=since).order_by("closed_on", "number"):
        firsts.setdefault(case.lawyer_id, case)
    return list(firsts.values())


def _paper(case: Case, title: str, at: int) -> Sheet:
    lines = [Paragraph(f"{number}．{SAID[(at + number) % len(SAID)]}") for number in range(1, LINES + 1)]
    return Sheet(title=title, subline=case.number, blocks=(Paragraph(NOTE), *lines))
