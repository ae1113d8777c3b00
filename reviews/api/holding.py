"""What endpoints of one's own forms have in common: whoever does not hold the form learns nothing by sending."""

from typing import Any, Generic, TypeVar
from uuid import UUID

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from qa_service.common.api import Endpoint

Form = TypeVar("Form")


class HolderView(Endpoint, Generic[Form]):
    def held(self, request: Request, public_id: UUID) -> Form:
        """The form, for whoever may fill it in. :raises Http404: for everybody else."""
        raise NotImplementedError

    def sent(self, shape: type[Serializer[Any]], request: Request, public_id: UUID) -> dict[str, Any]:
        """What was sent. Its faults are told to whoever holds the form; to others there is none.

        Nothing is looked up where it is sound: the service does that under its lock.

        :raises ValidationError: named by field; :raises Http404: as `held`.
        """
        given = shape(data=request.data)
        if not given.is_valid():
            self.held(request, public_id)
            raise ValidationError(given.errors)
        values: dict[str, Any] = given.validated_data
        return values
