"""The page a person sees when a view lets a refusal of the domain through."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qa_service.common.api import as_refusal, problem_json


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = as_refusal(exception)
        if refusal is None:
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return problem_json(refusal)
        return render(request, "refused.html", {"error": refusal}, status=refusal.status)
