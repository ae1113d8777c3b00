"""What a browser test measures on a page."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Every colour is read anew for every node it lies under, which is a fifth of axe's time: what was read is kept.
COLOURS_READ_ONCE = """;(() => {
  const colour = axe.commons.color.Color.prototype, parse = colour.parseString, read = new Map();
  colour.parseString = function (text) {
    if (!read.has(text)) {
      parse.call(this, text);
      const { r, g, b, alpha } = this;
      read.set(text, { r, g, b, alpha });
    }
    return Object.assign(this, read.get(text));
  };
})()"""
# Every rule is tried on every node, but of what passes no list is made: that took longer than the trying. Nor is a
# fault's place told, of which the markup is, nor are sheets fetched again, which no rule of these tags asks for.
AXE = """async (tags) => {
  const options = {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], selectors: false,
    preload: { assets: ["media"] },
  };
  const { passes, violations } = await axe.run(options);
  return { tried: passes.length, faults: violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html])) };
}"""
WIDTHS = (320, 375, 768, 1280)


def violations(page: Page) -> list[str]:
    """Faults of accessibility, each with the markup it was found in."""
    page.evaluate(AXE_SCRIPT + COLOURS_READ_ONCE)
    found = page.evaluate(AXE, AXE_TAGS)
    assert found["tried"] > 0
    return [f"{rule}: {markup[:120]}" for rule, markup in found["faults"]]


def sideways(page: Page) -> dict[int, int]:
    """How far each width can be scrolled sideways, in pixels; the page is left as wide as it was."""
    found, before = {}, page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 568})
        found[width] = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if before is not None:
        page.set_viewport_size(before)
    return found


AT_REST = """async () => {
  for (const _frame of [1, 2]) await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations().map((each) => each.finished));
}"""


def come_to_rest(page: Page) -> None:
    """No button is on its way from one colour to another."""
    page.evaluate(AT_REST)


# What of a table a reader cannot see: a cell beyond an edge, or a value without the heading of its column beside it.
UNSEEN = """() => {
  const faults = [];
  for (const table of document.querySelectorAll("main table")) {
    const headed = getComputedStyle(table.querySelector("tbody tr")).display !== "table-row";
    for (const cell of table.querySelectorAll("tbody th, tbody td, tfoot th, tfoot td")) {
      const text = cell.innerText.trim(), box = cell.getBoundingClientRect();
      if (!text && !cell.querySelector("input, svg")) continue;
      if (box.width < 1 || box.left < 0 || box.right > innerWidth) faults.push("beyond the edge: " + text);
      const label = cell.dataset.label;
      if (headed && label && !getComputedStyle(cell, "::before").content.includes(label)) faults.push("bare: " + text);
    }
  }
  for (const box of document.querySelectorAll("main .table-responsive"))
    if (box.scrollWidth > box.clientWidth) faults.push("scrolls: " + box.innerText.slice(0, 40));
  return faults;
}"""

A4_BETWEEN_MARGINS = 680  # 210 mm less 15 on either side, in pixels of a style sheet
BEYOND_THE_SHEET = """(width) => {
  document.documentElement.style.width = width + "px";
  const tables = [...document.querySelectorAll("main table")];
  const beyond = tables.filter((table) => table.getBoundingClientRect().right > width + 1);
  return beyond.map((table) => table.innerText.slice(0, 40));
}"""

# Numbers, dates and words of Latin letters that lie on two lines.
BROKEN = r"""() => {
  const faults = [], walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (parent.closest("option, script, .visually-hidden, .digest, code, thead")) continue;
    for (const found of walk.currentNode.data.matchAll(/\d{4}-\d\d-\d\d|\d[\d.,:]*\d|[A-Za-z]{2,}/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, found.index);
      range.setEnd(walk.currentNode, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) faults.push(found[0]);
    }
  }
  return faults;
}"""


def unseen(page: Page) -> list[str]:
    """Values of tables that are out of sight, or stand there without their heading."""
    found: list[str] = page.evaluate(UNSEEN)
    return found


def clipped_on_paper(page: Page) -> list[str]:
    """Tables that a printed sheet cuts off at its right. The page is left in print, until it is opened anew."""
    before = page.viewport_size
    page.set_viewport_size({"width": 800, "height": 800})
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(BEYOND_THE_SHEET, A4_BETWEEN_MARGINS)
    page.emulate_media(media="screen")
    if before is not None:
        page.set_viewport_size(before)
    return [f"cut off in print: {text}" for text in found]


def broken(page: Page) -> list[str]:
    """Numbers, dates and words that lie on two lines."""
    found: list[str] = page.evaluate(BROKEN)
    return found
