"""Sentences of notifications: English msgids, stored with their figures and read in each reader's language.

`CITED` tells in other languages what the default rules cite; on papers it stands as it is.
"""

from django.utils.translation import gettext_lazy, gettext_noop

NEW_PROPOSALS = gettext_noop("The rules propose something about %(count)s of your cases.")
PERIOD_PROPOSALS = gettext_noop(
    "The rules propose something about the closed period from %(first)s to %(last)s: %(count)s in all."
)
READERS_NEEDED = gettext_noop("Files whose grade takes another reader: %(count)s.")
STATEMENT_ASKED = gettext_noop("You are asked for your statement on case %(case)s until %(day)s.")
STATEMENT_ASKED_OPEN = gettext_noop(
    "You are asked for your statement on case %(case)s. Its last day is counted when the working-day calendar is there."
)
STATEMENT_GIVEN = gettext_noop("The lawyer has answered the proposal about case %(case)s.")
PROPOSAL_DECLINED = gettext_noop("The proposal about case %(case)s was declined.")
TASK_GIVEN = gettext_noop("You are given a corrective task from case %(case)s, due on %(day)s.")
TASK_REPORTED = gettext_noop("The lawyer has reported what was done about case %(case)s: another person checks it.")
TASK_RETURNED = gettext_noop("Your report on case %(case)s was returned; report again by %(day)s.")
TASK_CLOSED = gettext_noop("The corrective task from case %(case)s is closed.")
DISPLAY_OVER = gettext_noop("The public display for case %(case)s has ended: the notice can be issued.")
NOTICE_ISSUED = gettext_noop("Notice %(label)s was issued to you.")
NOTICE_WITHDRAWN = gettext_noop("Notice %(label)s was withdrawn.")
NOTICE_TO_COME_ANEW = gettext_noop(
    "Notice %(label)s was withdrawn for an error in it alone. What was decided stands, and another takes its place."
)
DECISION_GROUND_GONE = gettext_noop(
    "What decision %(label)s rests on has changed: the marks or the grade. Look whether to withdraw the decision."
)
GROUND_GONE = gettext_noop("The case behind notice %(label)s no longer fails. Look whether to withdraw the notice.")
PRAISE_GROUND_GONE = gettext_noop(
    "The case behind notice %(label)s is no longer excellent. Look whether to withdraw the notice."
)
STEP_PASSED_ON = gettext_noop("A step about case %(case)s has passed to the bureau: the centre has nobody independent.")
REPORTS_READY = gettext_noop("The reports of quarter %(quarter)s of %(year)s can be read and printed.")
MONTH_READY = gettext_noop("The reports of month %(month)s of %(year)s can be read and printed.")
REPORT_MADE = gettext_noop("A report that you ordered is ready.")
REPORT_FAILED = gettext_noop("A report that you ordered could not be made.")
REFERRED = gettext_noop("What was proposed about case %(case)s was referred to the competent authority.")
REFERRAL_ANSWERED = gettext_noop("The competent authority has answered the referral about case %(case)s.")
MEASURE_ENDED = gettext_noop("The limit on your assignments from case %(case)s has ended.")
APPEAL_ANSWERED = gettext_noop("Your appeal against notice %(label)s was answered.")
APPEAL_LODGED = gettext_noop("An appeal was lodged against notice %(label)s.")

CITED = {
    "《中华人民共和国法律援助法》第十一条": gettext_lazy("Legal Aid Law of the People's Republic of China, Article 11"),
    "《中华人民共和国法律援助法》第五十七条": gettext_lazy(
        "Legal Aid Law of the People's Republic of China, Article 57"
    ),
    "《中华人民共和国法律援助法》第五十七条、第五十九条": gettext_lazy(
        "Legal Aid Law of the People's Republic of China, Articles 57 and 59"
    ),
    "法律援助中心": gettext_lazy("Legal aid centre"),
}
