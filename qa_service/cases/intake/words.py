"""The words of Chinese case systems, and ours for them. Our own codes are understood too."""

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from qa_service.cases.enums import CaseType, ClientGroup, Gender, Stage
from qa_service.organisations.enums import FirmKind

CASE_TYPES = {
    "民事": CaseType.CIVIL,
    "刑事": CaseType.CRIMINAL,
    "行政": CaseType.ADMINISTRATIVE,
    "非诉讼": CaseType.NON_LITIGATION,
    "非诉": CaseType.NON_LITIGATION,
}
STAGES = {
    "侦查": Stage.INVESTIGATION,
    "审查起诉": Stage.PROSECUTION_REVIEW,
    "审判": Stage.TRIAL,
    "一审": Stage.FIRST_INSTANCE,
    "二审": Stage.SECOND_INSTANCE,
    "再审": Stage.RETRIAL,
    "执行": Stage.ENFORCEMENT,
    "仲裁": Stage.ARBITRATION,
    "劳动仲裁": Stage.ARBITRATION,
    "复议": Stage.RECONSIDERATION,
    "行政复议": Stage.RECONSIDERATION,
    "非诉讼": Stage.NON_LITIGATION,
    "非诉": Stage.NON_LITIGATION,
}
GENDERS = {"女": Gender.FEMALE, "男": Gender.MALE, "": Gender.UNKNOWN}
GROUPS = {
    "农民工": ClientGroup.MIGRANT_WORKER,
    "老年人": ClientGroup.OLDER_PERSON,
    "残疾人": ClientGroup.DISABLED_PERSON,
    "未成年人": ClientGroup.MINOR,
    "妇女": ClientGroup.WOMAN,
    "军人军属": ClientGroup.SERVICE_FAMILY,
    "其他困难人员": ClientGroup.OTHER,
    "其他": ClientGroup.OTHER,
    "": ClientGroup.OTHER,
}
FIRM_KINDS = {
    "律师事务所": FirmKind.LAW_FIRM,
    "律所": FirmKind.LAW_FIRM,
    "基层法律服务所": FirmKind.SERVICE_OFFICE,
    "法律服务所": FirmKind.SERVICE_OFFICE,
    "法律援助中心": FirmKind.CENTRE_STAFF,
    "法律援助机构": FirmKind.CENTRE_STAFF,
    "志愿者组织": FirmKind.VOLUNTEERS,
    "志愿服务队": FirmKind.VOLUNTEERS,
    "志愿者服务队": FirmKind.VOLUNTEERS,
    "志愿律师服务团": FirmKind.VOLUNTEERS,
}
FIRM_ENDINGS = FIRM_KINDS
YES = frozenset({"是", "可", "可以", "同意", "能", "y", "yes", "true", "1"})
NO = frozenset({"否", "不", "不可", "不可以", "不同意", "n", "no", "false", "0"})
TAIL = re.compile(r"(?:案件|阶段|类)$")

CUSTODY = re.compile("在押|羁押|服刑|看守所|监狱|监所|拘[役留押]|刑拘|逮捕|批捕|收押|收监|戒毒所|隔离戒毒|[未少]管所")
DANGER = re.compile(
    # The cases of Legal Aid Law art. 32 (4) and their like, in the causes of courts and in notes.
    "家暴|家庭暴力|虐待|遗弃|性侵|强奸|猥亵|性骚扰|拐卖|人身安全|确认安全|跟踪|尾随|骚扰|威胁|恐吓|报复|殴打"
    # Whoever answers is the one to be feared.
    "|(?:电话|手机|号码).{0,4}(?:由|归|在|被)(?:对方|被告|被申请人|丈夫|妻子|配偶|施[暴害]|加害)"
)
CHILD = re.compile("未成年|监护人")
NO_TEXTS = re.compile(
    "(?:勿|不要|不得|别|拒绝?|禁止?|不愿|不便|不能|不可|不同意)(?:再)?(?:发|收|接收)?(?:送)?(?:短信|信息|消息)"
)
INCAPACITY = re.compile("(?:无|限制)(?:民事)?行为能力|[精智][神力](?:残疾|障碍)|失智|痴呆|植物人")
OPPONENT_NEAR = re.compile(
    "(?:对方(?:当事人)?|被告|被申请人|施暴者?|加害人?)(?:仍|还|一直|目前)*"
    "(?:同住|同吃住|共同(?:居住|生活)|一起住|住在?一起|家中?居住)"
)
SHARED_NUMBER = re.compile(
    "(?:共用|公用|合用|借用)(?:的)?(?:电话|手机|号码)|(?:电话|手机|号码).{0,4}(?:共用|公用|合用|(?:为|是)(?:邻居|村|他人|亲戚|别人))"
)
# After the county or city of an address; the shortest name that ends as townships do.
TOWNSHIP = re.compile("(?:^|[省市县区旗州盟])([㐀-鿿][^省市县区旗盟 ]{0,8}?(?:街道|苏木|乡|镇))(?![市县区])")
JUDGMENTS = re.compile("判决|裁定|裁决")

# How many different notes and outcomes are remembered.
REMEMBERED = 1024
MOST_OF_AN_ADDRESS = 100


class Warnings(NamedTuple):
    """What a note, or the cause of the case, says against text messages."""

    danger: bool
    custody: bool
    child: bool
    guardian: bool
    incapacity: bool
    opponent_near: bool
    shared_number: bool
    no_texts: bool


@lru_cache(maxsize=REMEMBERED)
def warnings(note: str, cause: str) -> Warnings:
    return Warnings(
        danger=bool(DANGER.search(note) or DANGER.search(cause)),
        custody=bool(CUSTODY.search(note)),
        child=bool(CHILD.search(note)),
        guardian="监护人" in note,
        incapacity=bool(INCAPACITY.search(note)),
        opponent_near=bool(OPPONENT_NEAR.search(note)),
        shared_number=bool(SHARED_NUMBER.search(note)),
        no_texts=bool(NO_TEXTS.search(note)),
    )


def township(address: str) -> str:
    """The township or street office of an address, or nothing. Not remembered: an address is a person's own."""
    found = TOWNSHIP.search(address[:MOST_OF_AN_ADDRESS])
    return found[1] if found else ""


@lru_cache(maxsize=REMEMBERED)
def is_judgment(outcome: str) -> bool:
    return bool(JUDGMENTS.search(outcome))


Word = TypeVar("Word", bound=Enum)


def word(table: dict[str, Word], written: str) -> Word | None:
    """The table's word for what was written, our own code, or None. In a typed form “民 事” is spread over its cell."""
    close = "".join(written.split())
    found = table.get(written) or table.get(close) or table.get(TAIL.sub("", close))
    if found is not None:
        return found
    return next((member for member in table.values() if member.value and member.value == written), None)


def firm_kind(written: str, firm_name: str) -> FirmKind | None:
    """What the row says, else what the firm's own name says."""
    found = word(FIRM_KINDS, written) if written else None
    if found is not None or written:
        return found
    return next((kind for ending, kind in FIRM_ENDINGS.items() if firm_name.endswith(ending)), None)
