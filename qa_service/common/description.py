"""The description of the API as it is served."""

from functools import lru_cache
from typing import Any

from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
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


class _Yaml(OpenApiYamlRenderer):
    """Its 12,000 lines take 0.3 s of a processor to write: once a process. A refusal is written as it comes."""

    def render(self, data: Any, *given: Any, **named: Any) -> Any:
        return _written_as_yaml() if data is _described() else super().render(data, *given, **named)  # type: ignore[no-untyped-call]


class _NewerYaml(_Yaml):
    media_type = OpenApiYamlRenderer2.media_type


@lru_cache(maxsize=1)
def _written_as_yaml() -> Any:
    return OpenApiYamlRenderer().render(_described())  # type: ignore[no-untyped-call]


class DescriptionView(SpectacularAPIView):
    renderer_classes = [
        _Yaml,
        _NewerYaml,
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
    ]
    generator_class = OnceDescribed
    # There is one; what a caller asks for would go into the file's name, line breaks included.
    api_version = "v1"
