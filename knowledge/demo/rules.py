"""The policies of the demo plant: what holds, with the versions that it had, one that is to come and one that was repealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape

from dateutil.relativedelta import relativedelta
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from knowledge.models import Policy, PolicyRepeal, PolicyShelf, PolicyVersion
from knowledge.models.policies import NUMBERS
from knowledge.services.policies import shelf_of, store_clauses
from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule, department_token
from portal.access.services import refresh_people
from portal.access.standings import people_matching
from portal.confirmations.models import Confirmation
from portal.numbers.services import continue_after
from portal.organization.demo import Plant
from portal.organization.models import Duty, DutyHolding, Employment
from portal.pages.bulk import insert_pages

PREFIXES = {"WHS": "JY-CC", "QUA": "JY-ZJ", "SEC": "JY-AQ", "HR": "JY-RS", "FIN": "JY-CW", "SAL": "JY-XS", "EQP": "JY-SB", "OFF": "JY-BG"}
READERS = 120


@dataclass(frozen=True, slots=True)
class RuleText:
    """`versions` are (days from today on which it takes effect, its chapters), the oldest first."""

    department: str
    kind: str
    category: str
    title: str
    versions: tuple[tuple[int, tuple[tuple[str, tuple[str, ...]], ...]], ...]
    level: int = 0
    only: tuple[str, ...] = ()
    asks: bool = False
    repealed: int | None = None


GENERAL = ("总则", ("为规范管理，明确责任，制定本办法。", "本办法适用于各部门、车间及外来作业人员。"))
END = ("附则", ("本办法由主管部门负责解释。", "本办法自施行之日起执行，此前有关规定与本办法不一致的，以本办法为准。"))
CLIMATE = (
    ("总则", ("为保证原料醇化质量，防止霉变、虫蛀和碎损，制定本办法。", "本办法适用于片烟库、香料库和辅料库的温度、相对湿度控制，以及进出库期间的临时堆放。", "仓储科主管本办法；质检科负责抽查和判定；动力科负责除湿、通风设备的完好。")),
    ("控制范围", ("片烟库温度控制在 20 至 25 摄氏度，相对湿度控制在 55％ 至 65％；香料库温度不高于 20 摄氏度。", "醇化期满十二个月的片烟，相对湿度上限放宽至 70％。", "温湿度每日检查两次。", "测点按每 200 平方米一个布置，距地面 1.5 米，不得设在门口和风口。")),
    ("检查与记录", ("保管员每日将读数抄入《温湿度登记簿》，由班长签字，按季送档案室。", "保管员在终端上记录读数、时间和处置；交接班双方确认后，记录即锁定。", "自动采集与人工读数相差超过规定的，以人工读数为准，并在 24 小时内校准。", "记录保存五年；纸面记录按月装订，交档案室。")),
    ("异常处置", ("读数超出控制范围的，保管员 30 分钟内报质检科，同时开启除湿或通风设备。", "任何一垛连续两次超限的，该垛停止出库，由质检科判定后方可恢复。")),
    ("附则", ("违反本办法造成损失的，按考核办法处理。", "本办法由仓储科负责解释。")),
)  # fmt: skip


def _changed(
    chapters: Sequence[tuple[str, Sequence[str]]], *changes: tuple[str, str], gone: str = "", after: str = "", added: str = ""
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The chapters with words exchanged, an article that goes and one that comes behind another."""
    found = []
    for title, said in chapters:
        kept = []
        for text in said:
            if gone and gone in text:
                continue
            for before, now in changes:
                text = text.replace(before, now)
            kept.append(text)
            if after and after in text:
                kept.append(added)
        found.append((title, tuple(kept)))
    return tuple(found)


CLIMATE_2 = _changed(CLIMATE, ("70％", "68％，由质检科逐垛书面认定"), gone="登记簿")
CLIMATE_3 = _changed(
    CLIMATE_2, ("每日检查两次", "每班检查两次，间隔不少于三小时；梅雨季节（六月十日至七月二十日）每班检查三次"), ("任何一垛", "同一垛"), after="在终端上记录",
    added="夜班（22:00 至次日 6:00）由值班长代为抽查一次；抽查不合格的，当班立即复测。",
)  # fmt: skip
CLIMATE_4 = _changed(CLIMATE_3, ("30 分钟", "15 分钟"), after="停止出库", added="除湿机组完好率低于 98％ 时，动力科当日报设备科，并安排移动机组替代。")

RULES = (
    RuleText("WHS", "measure", "storage", "原料仓库温湿度管理办法", ((-1060, CLIMATE), (-500, CLIMATE_2), (-27, CLIMATE_3), (34, CLIMATE_4)), asks=True),
    RuleText("WHS", "policy", "storage", "仓储管理制度", ((-1400, (GENERAL, ("出入库", ("凭单出入库，账、卡、物当日核对。", "先进先出，批次清楚。")), END)),)),
    RuleText("SEC", "measure", "safety", "动火作业安全管理办法", ((-800, (GENERAL, ("审批", ("动火前办理作业票，一级动火由厂领导批准。", "作业票当日有效，换班重办。")), ("现场", ("十米内清除可燃物，配备灭火器两具以上。", "监护人不得离开，作业后留守三十分钟。")), END)),
                                                        (-60, (GENERAL, ("审批", ("动火前办理作业票，一级动火由厂领导批准。", "作业票当班有效，换班重办。")), ("现场", ("十米内清除可燃物，配备灭火器两具以上。", "监护人不得离开，作业后留守六十分钟。")), END))), asks=True),
    RuleText("SEC", "procedure", "safety", "有限空间作业规程", ((-420, (GENERAL, ("作业", ("先通风，再检测，后作业。", "每三十分钟复测一次气体浓度。")), END)),)),
    RuleText("QUA", "measure", "quality", "不合格品管理办法", ((-700, (GENERAL, ("处理", ("不合格品隔离存放，挂红牌，二十四小时内判定。", "判定为返工的，返工后重新检验。")), END)), (-90, (GENERAL, ("处理", ("不合格品隔离存放，挂红牌，十二小时内判定。", "判定为返工的，返工后重新检验，检验不合格的报废。")), END)))),
    RuleText("QUA", "detail", "quality", "配方与工艺标准保密细则", ((-300, (GENERAL, ("保管", ("标准文本由专人保管，借阅登记。", "样品编号不得出现牌号。")), END)),), level=3, only=("QUA", "PRD")),
    RuleText("HR", "measure", "personnel", "员工考勤与休假管理办法", ((-900, (GENERAL, ("考勤", ("迟到三十分钟以内按次扣减，超过的按旷工半日计。",)), ("休假", ("年休假按国家规定执行，跨年不补。",)), END)), (-200, (GENERAL, ("考勤", ("迟到三十分钟以内按次扣减，超过的按旷工半日计。",)), ("休假", ("年休假按国家规定执行，因工作需要未休的，可顺延至次年三月底。", "倒班人员休假由班组统筹安排。")), END))), asks=True),
    RuleText("FIN", "measure", "finance", "费用报销管理办法", ((-650, (GENERAL, ("报销", ("费用发生后三十日内报销。", "单笔五千元以上的，须经分管领导批准。")), END)),)),
    RuleText("SAL", "measure", "sales", "零售户服务工作规范", ((-380, (GENERAL, ("服务", ("意见两日内答复，答复不了的说明原因和时限。", "不得承诺下周补货，不得以其他零售户作比较。")), END)),)),
    RuleText("EQP", "measure", "equipment", "设备点检与保养管理办法", ((-520, (GENERAL, ("点检", ("每班开机前点检，异常挂牌。", "保养分日清、周保、月检三级。")), END)),)),
    RuleText("OFF", "policy", "general", "公文处理制度", ((-1200, (GENERAL, ("办理", ("公文统一编号，限时办结。",)), END)),)),
    RuleText("OFF", "measure", "general", "会议管理办法（旧）", ((-1500, (GENERAL, ("会议", ("会议提前一日通知。",)), END)),), repealed=-400),
)  # fmt: skip


def build_policies(plant: Plant) -> None:
    """Rules of four years; who leads, who has confirmed."""
    leader = Duty.objects.create(code="L-production", name="分管生产与质量的副厂长", name_en="Deputy director for production and quality", order=90)
    DutyHolding.objects.create(duty=leader, person=plant.cast["director"], starts_on=plant.day - timedelta(days=900))
    refresh_people([plant.cast["director"].pk])
    numbers: dict[tuple[str, int], int] = {}
    for text in RULES:
        if text.department in plant.departments:
            _build(plant, text, leader, numbers)
    for (prefix, year), number in numbers.items():
        continue_after(NUMBERS, number, year=year, scope=prefix)


def _build(plant: Plant, text: RuleText, leader: Duty, numbers: dict[tuple[str, int], int]) -> None:
    department = plant.departments[text.department]
    prefix = PREFIXES[text.department]
    shelf = shelf_of(department)
    PolicyShelf.objects.filter(pk=shelf.pk).update(prefix=prefix)
    shelf.refresh_from_db()
    only = [department_token(plant.departments[code].pk) for code in text.only if code in plant.departments]
    audience = Audience.objects.for_rule(AudienceRule.of(only or [EVERYONE], level=text.level))
    days = [plant.day + timedelta(days=offset) for offset, _chapters in text.versions]
    first = _moment(days[0] - timedelta(days=10))
    number = numbers[prefix, first.year] = numbers.get((prefix, first.year), 0) + 1
    author = plant.heads.get(text.department) or plant.cast["clerk"]
    last = len(days)
    asked = next((place for place in range(last, 0, -1) if days[place - 1] <= plant.day), 1)
    published = [min(_moment(day - timedelta(days=10)), timezone.now() - timedelta(days=1)) for day in days]
    policy = Policy(
        title=text.title, owner=author, audience=audience, body=body_of(text.versions[-1][1]), kind=text.kind, category=text.category, effective_on=days[-1],
        interpreting_department=department, leader=leader if text.level or text.category in {"quality", "storage", "safety"} else None, department=department,
        needs_confirmation=text.asks, confirm_by=timezone.now() + timedelta(days=5) if text.asks else None, number=NUMBERS.write(number, year=first.year, prefix=prefix),
        year=first.year, is_shown=True, published_at=published[0], published_by=author, corrected_at=published[-1] if last > 1 else None, version_number=last,
        binding_number=asked if text.asks else None, in_force_from=days[0], review_due_on=days[-1] + relativedelta(months=36),
        repealed_on=plant.day + timedelta(days=text.repealed) if text.repealed is not None else None,
    )  # fmt: skip
    insert_pages([policy], [shelf])
    _add_versions(policy, text, days, published, asked)
    if text.repealed is not None:
        PolicyRepeal.objects.create(
            policy=policy,
            effective_on=plant.day + timedelta(days=text.repealed),
            reason="内容并入公文处理制度。",
            made_at=_moment(plant.day + timedelta(days=text.repealed - 3)),
            made_by=author,
        )
    if text.asks:
        _add_readers(plant, policy, [one for one in range(1, last + 1) if days[one - 1] <= plant.day], days)


def _add_versions(policy: Policy, text: RuleText, days: Sequence[date], published: Sequence[datetime], asked: int) -> None:
    before: PolicyVersion | None = None
    assert policy.audience is not None
    for place, (_offset, chapters) in enumerate(text.versions, start=1):
        policy.body = body_of(chapters)
        version = PolicyVersion.objects.create(
            policy=policy, number=place, title=policy.title, kind=policy.kind, body=policy.body, audience=policy.audience, effective_on=days[place - 1],
            change_note="修订" if place > 1 else "", is_binding=text.asks and place <= asked, confirm_by=policy.confirm_by if place == asked else None,
            reach=people_matching(policy.audience.rule).count(), published_at=published[place - 1], published_by=policy.published_by,
        )  # fmt: skip
        store_clauses(policy, version, before, {})
        before = version


def _add_readers(plant: Plant, policy: Policy, numbers: Sequence[int], days: Sequence[date]) -> None:
    """Most have confirmed an earlier version, some the one in force; the cast is left to do so."""
    random, kind = plant.random, ContentType.objects.get_for_model(Policy)
    cast = {member.pk for member in plant.cast.values()}
    departments = dict(Employment.objects.current().primary().values_list("person", "department"))
    rows = []
    for person in people_matching(policy.audience.rule).order_by("pk")[:READERS] if policy.audience is not None else ():
        for number in numbers:
            is_last = number == numbers[-1]
            if random.random() < (0.55 if is_last else 0.9) and not (is_last and person.pk in cast):
                at = min(_moment(days[number - 1] + timedelta(days=random.randrange(0, 6))), timezone.now())
                rows.append(
                    Confirmation(about_type=kind, about_id=policy.pk, number=number, person=person, department_id=departments.get(person.pk), confirmed_at=at)
                )
    Confirmation.objects.bulk_create(rows)


def body_of(chapters: Sequence[tuple[str, Sequence[str]]]) -> str:
    parts, number = [], 0
    for place, (title, said) in enumerate(chapters, start=1):
        parts.append(f"<h2>第{_counted(place)}章　{escape(title)}</h2>")
        for text in said:
            number += 1
            parts.append(f"<p><strong>第{_counted(number)}条</strong>　{escape(text)}</p>")
    return "".join(parts)


def _counted(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return f"{'' if tens < 2 else digits[tens]}{'十' if tens else ''}{digits[ones] if ones else ''}"


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 30)))
