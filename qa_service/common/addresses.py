"""Which addresses are pages, and which page an address belongs to that only takes what a form sends."""

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse


def page_at(address: str) -> str:
    """The address itself where a page can be opened there, else the nearest one above it where one can.

    `/notices/7/appeal` takes a form alone: whoever is sent there by a link stands at the page `/notices/7`.
    """
    path = urlsplit(address).path
    if _opens(path):
        return address
    while path := path.rstrip("/").rpartition("/")[0]:
        for above in (f"{path}/", path):
            if _opens(above):
                return above
    return reverse("home")


def _opens(path: str) -> bool:
    try:
        view: Callable[..., Any] = resolve(path).func
    except Resolver404:
        return False
    return "GET" in _methods(view)


def _methods(view: Callable[..., Any]) -> set[str]:
    """What the view takes, read from Django's decorators: they keep it nowhere else. A test asks every view."""
    by_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if by_class is not None:
        return {name.upper() for name in by_class.http_method_names if hasattr(by_class, name)}
    inner: Callable[..., Any] | None = view
    while inner is not None:
        named = inspect.getclosurevars(inner).nonlocals.get("request_method_list")
        if named is not None:
            return set(named)
        inner = getattr(inner, "__wrapped__", None)
    return {"GET"}
