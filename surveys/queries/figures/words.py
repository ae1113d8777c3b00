"""The steps of asking and the reasons of losing a client, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qa_service.cases.enums import ContactReason
from qa_service.common.rounding import half_up
from qa_service.common.shares import Share
from surveys.figures.funnel import Funnel, Loss, Reach, Step, Way

WAYS: Mapping[Way, Any] = {
    Way.ALL: gettext_lazy("All ways together"),
    Way.TEXT: gettext_lazy("Text message"),
    Way.TELEPHONE: gettext_lazy("Telephone"),
    Way.VISIT: gettext_lazy("Visit"),
    Way.LETTER: gettext_lazy("Letter"),
    Way.PAPER: gettext_lazy("Paper"),
}
ANSWERED = pgettext_lazy("step of asking", "Answered")
STEPS: Mapping[tuple[Way, Step], Any] = {
    (Way.ALL, Step.CLOSED): pgettext_lazy("step of asking", "Closed cases"),
    (Way.ALL, Step.BEGUN): pgettext_lazy("step of asking", "Follow-up begun"),
    (Way.ALL, Step.REACHABLE): pgettext_lazy("step of asking", "Some way open"),
    (Way.ALL, Step.TRIED): pgettext_lazy("step of asking", "Tried to reach"),
    (Way.ALL, Step.ARRIVED): pgettext_lazy("step of asking", "Reached"),
    (Way.ALL, Step.STARTED): pgettext_lazy("step of asking", "Began to answer"),
    (Way.TEXT, Step.BEGUN): pgettext_lazy("step of asking", "Follow-up begun"),
    (Way.TEXT, Step.REACHABLE): pgettext_lazy("step of asking", "Text written"),
    (Way.TEXT, Step.TRIED): pgettext_lazy("step of asking", "Text sent"),
    (Way.TEXT, Step.ARRIVED): pgettext_lazy("step of asking", "Text delivered"),
    (Way.TEXT, Step.STARTED): pgettext_lazy("step of asking", "Began to answer"),
    (Way.TELEPHONE, Step.REACHABLE): pgettext_lazy("step of asking", "To be telephoned"),
    (Way.TELEPHONE, Step.TRIED): pgettext_lazy("step of asking", "Telephoned"),
    (Way.TELEPHONE, Step.ARRIVED): pgettext_lazy("step of asking", "Spoken with"),
    (Way.VISIT, Step.REACHABLE): pgettext_lazy("step of asking", "To be visited"),
    (Way.VISIT, Step.TRIED): pgettext_lazy("step of asking", "Visited"),
    (Way.VISIT, Step.ARRIVED): pgettext_lazy("step of asking", "Met"),
    (Way.LETTER, Step.REACHABLE): pgettext_lazy("step of asking", "To be written to"),
    (Way.LETTER, Step.TRIED): pgettext_lazy("step of asking", "Letter sent"),
    (Way.PAPER, Step.REACHABLE): pgettext_lazy("step of asking", "To get a paper form"),
    (Way.PAPER, Step.TRIED): pgettext_lazy("step of asking", "Form sent or handed over"),
}
LOSSES: Mapping[str, Any] = {
    Loss.NOT_RELEASED: gettext_lazy("Not released by a manager"),
    Loss.ANOTHER_CASE: gettext_lazy("Asked about another case less than 30 days ago"),
    Loss.NOT_YET: gettext_lazy("Their day has not come yet"),
    Loss.NO_GATEWAY: gettext_lazy("No text service is set up"),
    Loss.PLAN_EXPIRED: gettext_lazy("The contact plan was confirmed too long ago"),
    Loss.NO_NUMBER: gettext_lazy("No telephone number is known"),
    Loss.CENTRE_WITHOUT_TEXTS: gettext_lazy("The centre sends no texts"),
    Loss.TEXTS_UNWANTED: gettext_lazy("Not to be texted, for a reason no longer on record"),
    Loss.NO_WAY: gettext_lazy("The contact plan leaves no way open"),
    Loss.NEVER_TRIED: gettext_lazy("Nobody tried before the time was over"),
    Loss.TO_SEND: gettext_lazy("The text waits to be sent"),
    Loss.HELD_BACK: gettext_lazy("The text was held back: no contact wanted"),
    Loss.UNCLEAR: gettext_lazy("Not known whether the text was sent"),
    Loss.NUMBER_REFUSED: gettext_lazy("No text gets through to the number"),
    Loss.NO_RECEIPT: gettext_lazy("Sent, never confirmed as delivered"),
    Loss.TO_STAFF: gettext_lazy("Wrote something that a person had to see to"),
    Loss.ON_LIST: gettext_lazy("On the list of the staff"),
    Loss.SHEET_OUT: gettext_lazy("The sheet is out and not back yet"),
    Loss.SHEET_KEPT: gettext_lazy("The sheet did not come back"),
    Loss.NOBODY_MET: gettext_lazy("Nobody answered or was at home"),
    Loss.PUT_OFF: gettext_lazy("Asked for another time, then not reached"),
    Loss.NUMBER_GONE: gettext_lazy("The number does not exist or is out of service"),
    Loss.ADDRESS_GONE: gettext_lazy("Moved away, or the post came back"),
    Loss.NOT_THE_PERSON: gettext_lazy("Somebody else, or identity not confirmed"),
    Loss.AWAITED: gettext_lazy("The answer is awaited"),
    Loss.SILENT: gettext_lazy("Reached, did not answer"),
    Loss.LEFT_HALFWAY: gettext_lazy("Began and did not finish"),
    Loss.DECLINED: pgettext_lazy("loss", "Declined"),
    Loss.STOPPED: gettext_lazy("Asked for no more contact"),
    Loss.DECEASED: pgettext_lazy("loss", "Deceased"),
    Loss.SOMEBODY_ELSE: gettext_lazy("Somebody else answered, which does not count"),
    Loss.ANSWERED_OTHERWISE: gettext_lazy("Answered by another way"),
}


def step_words(way: Way, step: Step) -> str:
    return str(ANSWERED if step is Step.ANSWERED else STEPS[way, step])


def loss_words(loss: str) -> str:
    """A reason of ours, or the contact plan's own against texts."""
    if loss in LOSSES:
        return str(LOSSES[loss])
    return _("Not to be texted: %(reason)s") % {"reason": ContactReason(loss).label}


def loss_known(code: str) -> bool:
    return bool(code) and (code in LOSSES or code in ContactReason.values)


def share_words(share: Share) -> str:
    """`43.0 % (95 % interval 34.1–52.4 %)`; nothing for nothing."""
    if share.low is None or share.high is None:
        return ""
    shown = {
        "percent": share.percent,
        "low": half_up(share.low * 100, places=1),
        "high": half_up(share.high * 100, places=1),
    }
    return _("%(percent)s %% (95 %% interval %(low)s–%(high)s %%)") % shown


def finding(found: Reach, whole: Funnel) -> str:
    """What a reader should take away, in a line; of few nothing is said but how few."""
    if not found.begun:
        return _("Nobody in this selection has been asked yet.")
    counted = {"answered": found.answered, "begun": found.begun, "share": share_words(found.response)}
    if found.response.small:
        return _("%(answered)d of %(begun)d follow-ups were answered: too few to draw anything from.") % counted
    told = _("%(answered)d of %(begun)d follow-ups were answered: %(share)s.") % counted
    lost = [each for each in whole.losses if each.after >= Step.BEGUN and not each.still_open]
    if not lost:
        return told
    most = max(lost, key=lambda each: each.count)
    where = {"told": told, "reason": loss_words(most.loss), "count": most.count}
    return _("%(told)s Most were lost for this reason: “%(reason)s” (%(count)d).") % where
