"""What only those who manage a centre may do."""

from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from reviews.enums import MANAGING


class ManagerView(Endpoint):
    permission_classes = (HasRole.of(*MANAGING),)
