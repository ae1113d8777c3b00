from copy import deepcopy
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from qa_service.audit.actors import Actor
from reviews.defaults import ChecklistFault, checked, default_checklists
from reviews.enums import ChecklistState, Purpose
from reviews.models import CaseReview, Checklist, Item, Mark, Review, Section, Veto
from reviews.queries.checklists import checklist_for, standard_of
from reviews.services.checklists import ChecklistInvalid, publish_checklist, publish_default_checklists
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import assignment, checklists_in_force, submitted

ACTOR = Actor(id="user:1", label="someone")


DEFAULTS = {document["code"]: document for document in default_checklists()}
REVIEWS = [document for document in DEFAULTS.values() if document["purpose"] == Purpose.FILE_REVIEW]


@pytest.mark.parametrize("document", DEFAULTS.values(), ids=DEFAULTS)
def test_each_default_list_comes_to_a_hundred_points_and_readers_alone_mark_vetoes(document):
    points = sum(Decimal(item["points"]) for section in document["sections"] for item in section["items"])

    assert points == 100
    assert [veto["code"] for veto in document["vetoes"]] == (
        [f"V{n}" for n in range(1, 11)] if document["purpose"] == Purpose.FILE_REVIEW else []
    )


def test_at_a_hearing_five_matters_of_twenty_points_are_marked_and_no_page_is_asked_for():
    items = _items(DEFAULTS["hearing"]).values()

    assert [(item["title"]["zh"], item["points"]) for item in items] == [
        ("庭前准备", "20"), ("法庭调查", "20"), ("法庭辩论", "20"), ("庭审效果", "20"), ("出庭态度", "20"),
    ]  # fmt: skip
    assert all(reason["pageless"] for reason in DEFAULTS["hearing"]["reasons"].values())


@pytest.mark.parametrize("document", REVIEWS, ids=lambda document: document["code"])
def test_a_firm_assesses_itself_by_the_items_its_file_is_reviewed_by(document):
    own = DEFAULTS[f"{document['code']}-self"]

    assert own["purpose"] == Purpose.SELF_ASSESSMENT
    assert {name for name in own if own[name] != document[name]} == {"code", "title", "purpose", "vetoes"}


# What the centre agreed to be measured by, item by item: code, name, points.
AGREED = {
    "civil": """
        A 会见与沟通 20: A1 委托手续与授权范围 3, A2 及时有效会见 7, A3 权利义务与风险告知 4, A4 通报办理进展 6
        B 调查取证 25: B1 案情分析与取证计划 6, B2 收集证据、申请调取 10, B3 举证质证 6, B4 保全、先予执行、鉴定 3
        C 代理意见与文书 25: C1 起诉、答辩文书 7, C2 代理意见质量 14, C3 调解和解 4
        D 庭审 12: D1 按时出庭 4, D2 法庭调查与辩论 8
        E 采纳与结果告知 10: E1 代理意见采纳情况 6, E2 裁判告知与后续指引 4
        F 归档质量 8: F1 按时归档 2, F2 材料齐全 4, F3 装订规范 2""",
    "criminal": """
        A 会见与沟通 20: A1 委托、指派手续 3, A2 及时有效会见 9, A3 认罪认罚告知 4, A4 通报进展 4
        B 阅卷与调查 25: B1 阅卷笔录 12, B2 证据审查与申请 8, B3 变更强制措施、羁押必要性 5
        C 辩护意见质量 25: C1 书面辩护意见 15, C2 量刑与立场一致 6, C3 法律适用 4
        D 庭审 12: D1 按时出庭 4, D2 庭审表现 8
        E 采纳与结果 10: E1 辩护意见采纳情况 6, E2 判后告知与上诉意愿 4
        F 归档质量 8: F1 按时归档 2, F2 材料齐全 4, F3 装订规范 2""",
    "administrative": """
        A 会见与沟通 20: A1 委托手续与授权范围 3, A2 及时有效会见 7, A3 权利义务与风险告知 4, A4 通报办理进展 6
        B 审查与取证 22: B1 被诉行为、被告、期限 6, B2 事实与程序证据 10, B3 信息公开、申请调取 6
        C 代理意见 28: C1 诉讼请求类型 8, C2 合法性审查意见 16, C3 赔偿、规范性文件、调解 4
        D 庭审 12: D1 按时出庭 4, D2 法庭调查与辩论 8
        E 采纳与告知 10: E1 代理意见采纳情况 6, E2 裁判告知与后续指引 4
        F 归档质量 8: F1 按时归档 2, F2 材料齐全 4, F3 装订规范 2""",
    "non_litigation": """
        A 会见与沟通 25: A1 委托手续 3, A2 会见 8, A3 方案与风险告知 5, A4 通报进展 9
        B 调查取证 25: B1 证据 10, B2 联系沟通记录 8, B3 时效与保全 7
        C 文书与方案 25: C1 法律分析 10, C2 申请书、函件、协议 10, C3 知情同意 5
        E 办理结果 15: E1 请求获支持或协议履行 8, E2 后续途径告知 7
        F 归档质量 10: F1 按时归档 2, F2 材料齐全 5, F3 装订规范 3""",
}
VETOES = "V1 fail, V2 fail, V3 fail, V4 fail, V5 fail, V6 fail, V7 fail, V8 centre_fails, V9 cap_pass, V10 cap_pass"


@pytest.mark.parametrize("document", REVIEWS, ids=lambda document: document["code"])
def test_each_default_list_is_the_one_agreed_item_by_item(document):
    sections = [
        f"{section['code']} {section['title']['zh']} {sum(int(item['points']) for item in section['items'])}: "
        + ", ".join(f"{item['code']} {item['title']['zh']} {item['points']}" for item in section["items"])
        for section in document["sections"]
    ]

    assert sections == [line.strip() for line in AGREED[document["code"]].splitlines() if line]
    assert ", ".join(f"{veto['code']} {veto['effect']}" for veto in document["vetoes"]) == VETOES
    assert [veto["code"] for veto in document["vetoes"] if veto["transfer"]] == ["V1", "V4", "V5"]
    assert all(item["evidence"]["zh"] and item["evidence"]["en"] for s in document["sections"] for item in s["items"])


def test_an_argument_reasoned_though_rejected_keeps_three_quarters():
    floors = {d["code"]: _items(d)["E1"]["floors"] for d in REVIEWS}

    assert floors.pop("non_litigation") == {"effort_refused": "0.75"}
    assert list(floors.values()) == [{"reasoned_rejected": "0.75"}] * 3


def _items(document):
    return {item["code"]: item for section in document["sections"] for item in section["items"]}


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda d: d.update(purpose="gossip"), "purpose"),
        (lambda d: d.update(case_type="marine"), "case_type"),
        (lambda d: d["sections"][0]["items"][0].update(points="4"), "points"),
        (lambda d: d["sections"][0]["items"][0].update(points="many"), "A1.points"),
        (lambda d: d["sections"][0]["items"][0]["title"].pop("en"), "A1.title"),
        (lambda d: d["sections"][0]["items"][0].update(reasons=["invented"]), "A1.reasons"),
        (lambda d: d["sections"][0]["items"][0].update(floors={"other": "1.5"}), "A1.floors"),
        (lambda d: d["sections"][0]["items"][1].update(code="A1"), "items.code"),
    ],
)
def test_a_list_that_does_not_hold_together_is_refused(damage, where):
    document = deepcopy(default_checklists()[0])
    damage(document)

    with pytest.raises(ChecklistFault) as fault:
        checked(document)

    assert fault.value.where == where


@pytest.mark.django_db
def test_defaults_are_published_once():
    first = publish_default_checklists(now=NOW)
    again = publish_default_checklists(now=NOW)

    types = {"civil", "criminal", "administrative", "non_litigation"}
    assert (len(first), again) == (9, [])
    assert (set(checklists_in_force()), set(checklists_in_force(Purpose.SELF_ASSESSMENT))) == (types, types)


@pytest.mark.django_db
def test_a_case_is_marked_by_the_list_of_its_type_before_one_of_every_type():
    case = factories.case(factories.centre())
    publish_default_checklists(now=NOW)
    chosen = {purpose: checklist_for(case, purpose=purpose).code for purpose in Purpose}
    publish_checklist(
        document=DEFAULTS["hearing"] | {"case_type": "civil", "code": "civil-hearing"}, actor=ACTOR, now=NOW
    )

    assert chosen == {"file_review": "civil", "hearing": "hearing", "self_assessment": "civil-self"}
    assert checklist_for(case, purpose=Purpose.HEARING).code == "civil-hearing"


@pytest.mark.django_db
def test_a_changed_list_is_a_new_version_and_the_old_one_stays():
    publish_default_checklists(now=NOW)
    document = deepcopy(next(d for d in default_checklists() if d["code"] == "civil"))
    document["title"]["en"] = "Civil litigation, revised"

    second = publish_checklist(document=document, actor=ACTOR, now=NOW)

    assert second.version == 2
    assert list(Checklist.objects.filter(code="civil").order_by("version").values_list("state", flat=True)) == [
        ChecklistState.SUPERSEDED,
        ChecklistState.PUBLISHED,
    ]
    assert standard_of(second).sheet.points() == 100


@pytest.mark.django_db
def test_the_sites_own_list_is_not_replaced_by_a_default():
    publish_default_checklists(now=NOW)
    document = deepcopy(next(d for d in default_checklists() if d["code"] == "civil"))
    own = publish_checklist(document=document | {"code": "civil-own"}, actor=ACTOR, now=NOW)

    assert publish_default_checklists(now=NOW) == []
    assert checklists_in_force()["civil"] == own


@pytest.mark.django_db
def test_a_broken_list_is_not_published():
    document = deepcopy(default_checklists()[0])
    document["sections"].pop()

    with pytest.raises(ChecklistInvalid):
        publish_checklist(document=document, actor=ACTOR, now=NOW)

    assert not Checklist.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_to_change_a_published_list():
    publish_default_checklists(now=NOW)
    item = Item.objects.select_related("section").first()
    another = Checklist.objects.create(code="draft", version=1, case_type="civil", title={}, state="draft")

    for change in (
        lambda: Checklist.objects.filter(pk=item.checklist_id).update(title={"zh": "另一个"}),
        lambda: Checklist.objects.filter(pk=item.checklist_id).update(state="draft"),
        lambda: Item.objects.filter(pk=item.pk).update(points=99),
        lambda: Item.objects.create(
            checklist=item.checklist, section=item.section, code="Z9", title={}, position=99, points=1
        ),
        lambda: Section.objects.create(checklist=item.checklist, code="Z", title={}, position=99),
        lambda: Section.objects.update(position=99),
        lambda: Veto.objects.update(code="V9"),
        # Taken out of the list it could be changed, and put back.
        lambda: Section.objects.filter(pk=item.section_id).update(checklist=another),
        lambda: Item.objects.filter(pk=item.pk).update(checklist=another),
        lambda: Veto.objects.update(checklist=another),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_for_ever")
def test_the_database_refuses_to_delete_what_is_published_or_submitted():
    review = submitted(assignment())

    for these in (
        Mark.objects.all(),
        Review.objects.filter(pk=review.pk),
        CaseReview.objects.all(),
        Veto.objects.all(),
        Item.objects.all(),
        Section.objects.all(),
        Checklist.objects.all(),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            these._raw_delete(these.db)
