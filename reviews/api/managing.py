"""What only those who manage a centre may do."""

from rest_framework.views import APIView

from qa_service.accounts.permissions import HasRole
from reviews.enums import MANAGING


class ManagerView(APIView):
    permission_classes = (HasRole.of(*MANAGING),)
