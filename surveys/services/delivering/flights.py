"""Several texts on their way to the provider at once. Threads that know nothing of the database, which nobody holds."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event

from django.conf import settings

from surveys.sms import HARMLESS
from surveys.sms.base import Gateway, Receipt, Sms, SmsError, Verdict

Clock = Callable[[], float]


class NotSent(Exception):  # noqa: N818 - named for the fact
    """The request was not made: its moment was over, or the provider had just refused another text for all."""


Outcome = Receipt | SmsError | NotSent


@dataclass(frozen=True, slots=True)
class Flight:
    """What bounds every text of one group. A moment is of the monotonic clock."""

    gateway: Gateway
    began: float
    # A process that slept longer may have lost its claim to another.
    last_moment: float
    monotonic: Clock = time.monotonic

    def fly(self, group: Sequence[Sms]) -> list[Outcome]:
        """One outcome for each, in order. A fault of a gateway's own code is raised: the list settles what left."""
        refused = Event()
        if len(group) == 1 or self.gateway.name in HARMLESS:
            return [self._sent(sms, refused) for sms in group]
        with ThreadPoolExecutor(max_workers=min(len(group), settings.SMS_IN_FLIGHT)) as pool:
            return list(pool.map(lambda sms: self._sent(sms, refused), group))

    def _sent(self, sms: Sms, refused: Event) -> Outcome:
        now = self.monotonic()
        left = sms.valid_for - int(now - self.began)
        if refused.is_set() or now > self.last_moment or left < 1:
            return NotSent()
        try:
            return self.gateway.send(replace(sms, valid_for=left))
        except SmsError as failure:
            if failure.verdict is Verdict.HALT:
                refused.set()
            return failure
