"""The service as it runs embedded, but sending to the fake provider, with waits of seconds instead of minutes.

`PROVE_DEFENCE=off` is the negative control: the usual send-then-mark instead of claim, commit, send.
"""

from qa_service.settings.base import env
from qa_service.settings.embedded import *  # noqa: F403
from tests.fakes import twilio as fake

DEFENDED = env.str("PROVE_DEFENCE", default="on") == "on"

SMS_GATEWAY = "twilio"
TWILIO_ACCOUNT_SID = fake.ACCOUNT
TWILIO_AUTH_TOKEN = fake.TOKEN
TWILIO_MESSAGING_SERVICE_SID = fake.SERVICE
SMS_LEASE_SECONDS = 6
SMS_LOOK_INTERVAL_SECONDS = 2
# A request that leaves in the first half of the lease must be over with it.
SMS_TIMEOUT_SECONDS = 1.5

CELERY_IMPORTS = ["prove.undefended"]
_DELIVER = "surveys.deliver" if DEFENDED else "prove.send_then_mark"
CELERY_BEAT_SCHEDULE = {
    "deliver": {"task": _DELIVER, "schedule": 0.5, "options": {"expires": 2}},
    "reconcile": {"task": "surveys.reconcile", "schedule": 1, "options": {"expires": 2}},
}
