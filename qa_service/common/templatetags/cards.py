"""Tables whose rows become cards on a narrow screen.

`{% cards %}<table class="table stacked">…</table>{% endcards %}` takes a plain table and writes into it what the style
sheet and screen readers need once a row is no longer laid out as one: the roles that `display: block` takes away, and
on each cell the heading of its column. So a template says each heading once, in `<thead>`.
"""

import re
from dataclasses import dataclass, field

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_TAG = re.compile(r"""<(/?)(table|thead|tbody|tfoot|tr|th|td)((?:"[^"]*"|'[^']*'|[^>"'])*)>""")
_ANY_TAG = re.compile(r"<[^>]*>")
_SPAN = re.compile(r"""\bcolspan=["']?(\d+)""")
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


@register.simple_block_tag
def cards(content: str) -> SafeString:
    """The table in `content` (rendered, hence escaped), with its roles and the heading of each cell."""
    return mark_safe(labelled(content))  # noqa: S308 -- nothing is added but roles and the table's own headings


def labelled(markup: str) -> str:
    return _Labelling(markup).run()


@dataclass
class _Labelling:
    """One pass over the tags of a table; `column` counts from the left, `headings` are those of `<thead>`."""

    markup: str
    headings: list[str] = field(default_factory=list)
    group: str = ""
    column: int = 0
    heading_from: int | None = None
    wrapped: bool = False

    def run(self) -> str:
        return _TAG.sub(self._closed_or_opened, self.markup)

    def _closed_or_opened(self, found: re.Match[str]) -> str:
        closing, name, attributes = found.groups()
        if closing:
            return self._closed(name, found)
        if name in {"th", "td"}:
            return self._cell(name, attributes, found)
        if name == "tr":
            self.column = 0
        else:
            self.group = name
        if name == "table":
            self.headings = []
        return f'<{name} role="{_ROLES[name]}"{attributes}>'

    def _cell(self, name: str, attributes: str, found: re.Match[str]) -> str:
        span = _SPAN.search(attributes)
        width = int(span[1]) if span else 1
        if self.group == "thead":
            self.heading_from = found.end()
            role = "columnheader" if name == "th" else "cell"
            return f'<{name} role="{role}"{attributes}>'
        alone = name == "th" and "number" not in attributes  # the name of its row needs no heading; a bare number does
        heading = "" if alone or width > 1 else self._heading()
        self.column += width
        role = "rowheader" if name == "th" else "cell"
        self.wrapped = bool(heading) and name == "td"
        if self.wrapped:
            # One box for the value: the cell becomes a grid of heading and value.
            return f'<{name} role="{role}" data-label="{heading}"{attributes}><div>'
        label = f' data-label="{heading}"' if heading else ""
        return f'<{name} role="{role}"{label}{attributes}>'

    def _heading(self) -> str:
        # A sum at the foot is named by its row alone.
        return self.headings[self.column] if self.group != "tfoot" and self.column < len(self.headings) else ""

    def _closed(self, name: str, found: re.Match[str]) -> str:
        if name in {"th", "td"} and self.group == "thead" and self.heading_from is not None:
            self.headings.append(_words(self.markup[self.heading_from : found.start()]))
        elif name == "td" and self.wrapped:
            self.wrapped = False
            return "</div></td>"
        return found[0]


def _words(heading: str) -> str:
    """A heading for the ear alone (over a column of buttons) is not shown on a card either: the button says it."""
    return "" if "visually-hidden" in heading else _ANY_TAG.sub("", heading).strip().replace('"', "&quot;")
