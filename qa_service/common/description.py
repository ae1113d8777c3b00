"""The description of the API as it is served."""

from functools import lru_cache
from typing import Any

from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView


class OnceDescribed(SchemaGenerator):
    """Everybody reads the same description and it changes with the code alone: made once a process, in English.

    What endpoints say of themselves is English, so the words of fields, choices and parameters are too. Making it walks
    through every endpoint and field, 0.15 s of a processor at each request.
    """

    def get_schema(self, request: Any = None, public: bool = False) -> Any:  # noqa: ARG002 - what it means is above
        return _described()


@lru_cache(maxsize=1)
def _described() -> Any:
    with override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


class DescriptionView(SpectacularAPIView):
    generator_class = OnceDescribed
    # There is one; what a caller asks for would go into the file's name, line breaks included.
    api_version = "v1"
