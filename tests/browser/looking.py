"""What a browser test measures on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 375, 768, 1280)


def violations(page: Page) -> list[str]:
    """Faults of accessibility, each with the markup it was found in."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


def sideways(page: Page) -> dict[int, int]:
    """How far each width can be scrolled sideways, in pixels."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 568})
        found[width] = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found
