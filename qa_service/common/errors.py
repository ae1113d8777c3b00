"""What can go wrong in the domain, told once: a stable code, a sentence for a person, the field it concerns."""

from typing import Any


class DomainError(Exception):
    """Root of every refusal. `message` is a translatable sentence; edges render it, logs carry only `code`."""

    code = "refused"
    status = 422

    def __init__(self, message: Any, *, field: str = "", code: str = "", **details: Any) -> None:
        super().__init__(code or self.code)
        self.message = message
        self.field = field
        self.code = code or self.code
        self.details = details

    def __str__(self) -> str:
        return self.code


class InvalidInput(DomainError):  # noqa: N818 - named for the fact, as every error here
    code = "invalid_input"
    status = 422


class Conflict(DomainError):  # noqa: N818
    """The thing has changed or was already done: the caller decides whether that is fine."""

    code = "conflict"
    status = 409


class NotPermitted(DomainError):  # noqa: N818
    code = "not_permitted"
    status = 403


class NotIndependent(NotPermitted):
    """This person took part, or is tied to who did; another must act, and where there is none the bureau."""

    code = "not_independent"


class NotFound(DomainError):  # noqa: N818
    code = "not_found"
    status = 404


class TooLarge(DomainError):  # noqa: N818
    code = "too_large"
    status = 413


class UnsupportedFile(DomainError):  # noqa: N818
    code = "unsupported_file"
    status = 415
