"""Policies as plants write them, of any length, and revisions of them whose true differences are known."""

from dataclasses import dataclass
from random import Random

from knowledge.clauses import Clause, articles_of, recognise

SUBJECTS = ("仓库保管员", "当班班长", "设备管理员", "质检科", "使用部门", "安全员", "采购人员", "值班人员", "操作工", "部门负责人", "计量员", "叉车驾驶员")
WHEN = ("每班", "每日", "每周一", "每月末", "交接班时", "入库前", "出库时", "停机后", "雨季期间", "节假日前")
ACTS = (
    "应当核对账、卡、物三者是否一致", "应当检查温湿度并如实记录", "应当检查设备的润滑和紧固情况", "应当清点辅料余数并签字", "应当向安全保卫科报告存在的隐患",
    "应当对不合格品隔离存放并挂牌", "应当校准计量器具并保存记录", "应当组织一次应急演练", "应当查验供方的合格证明", "应当关闭不用的电源和气源",
    "应当逐条答复零售户提出的意见", "应当抽查包装外观和封口质量",
)  # fmt: skip
ENDS = (
    "发现异常的，立即报告并采取措施，不得拖延至下一班", "记录保存三年，到期经批准后销毁", "未按规定执行的，按考核办法扣减当月绩效",
    "涉及两个以上部门的，由企管科协调",
    "所用表单由主管部门统一编号",
    "确有困难的，应当书面说明理由并经部门负责人批准", "由质检科按季度通报检查结果", "具体数值见附件，附件与本办法具有同等效力",
    "外来人员作业时，由接待部门派人全程陪同", "每年至少复核一次，必要时修订",
)  # fmt: skip
DIGITS = "零一二三四五六七八九"


def counted(number: int) -> str:
    """1 to 199 as plants write them: 一, 十, 二十一, 一百〇一."""
    if number >= 100:
        rest = number - 100
        return "一百" + ("" if not rest else f"〇{DIGITS[rest]}" if rest < 10 else f"一{counted(rest)}" if rest < 20 else counted(rest))
    tens, ones = divmod(number, 10)
    return f"{'' if tens < 2 else DIGITS[tens]}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"


@dataclass
class Said:
    """An article of a policy: `key` tells it from all others, whatever becomes of its words."""

    key: int
    text: str


@dataclass
class Regulation:
    """`chapters` are lists of articles."""

    chapters: list[list[Said]]
    next_key: int

    def html(self) -> str:
        parts, number = [], 0
        for place, chapter in enumerate(self.chapters, start=1):
            parts.append(f"<h2>第{counted(place)}章　{('总则', '职责', '检查与记录', '异常处置', '考核', '培训', '附则')[(place - 1) % 7]}</h2>")
            for said in chapter:
                number += 1
                parts.append(f"<p><strong>第{counted(number)}条</strong>　{said.text}</p>")
        return "".join(parts)

    def all(self) -> list[Said]:
        return [said for chapter in self.chapters for said in chapter]

    def clauses(self) -> list[Clause]:
        return [clause for clause in articles_of(recognise(self.html())) if clause.kind == "article"]


def sentence(random: Random) -> str:
    return f"{random.choice(WHEN)}{random.choice(SUBJECTS)}{random.choice(ACTS)}；{random.choice(ENDS)}，时限为{random.randrange(1, 90)}日。"


def regulation(random: Random, number: int) -> Regulation:
    said = [Said(key, sentence(random) + (sentence(random) if random.random() < 0.5 else "")) for key in range(number)]
    chapters: list[list[Said]] = []
    while said:
        size = min(len(said), random.randrange(3, 12))
        chapters.append(said[:size])
        del said[:size]
    return Regulation(chapters, number)


def revised(random: Random, before: Regulation) -> Regulation:
    """Some articles go, some come, some are reworded, a few move; all are numbered anew."""
    chapters = [[Said(one.key, one.text) for one in chapter] for chapter in before.chapters]
    key = before.next_key
    for chapter in chapters:
        for place in range(len(chapter) - 1, -1, -1):
            chance = random.random()
            if chance < 0.05 and len(chapter) > 1:
                del chapter[place]
            elif chance < 0.11:
                chapter.insert(place, Said(key, sentence(random)))
                key += 1
            elif chance < 0.26:
                chapter[place].text = reworded(random, chapter[place].text)
    if len(chapters) > 2 and random.random() < 0.6:
        source, target = random.sample(range(len(chapters)), 2)
        if len(chapters[source]) > 1:
            chapters[target].insert(random.randrange(len(chapters[target]) + 1), chapters[source].pop(random.randrange(len(chapters[source]))))
    return Regulation(chapters, key)


def reworded(random: Random, text: str) -> str:
    """As people revise: another number, another word, a half-sentence more or less."""
    before = text
    while text == before:
        kind = random.randrange(4)
        if kind == 0:
            text = text.replace("日。", f"日，最长不超过{random.randrange(91, 180)}日。", 1)
        elif kind == 1:
            text = text.replace("应当", "必须", 1)
        elif kind == 2:
            text = text.replace("；", f"，并由{random.choice(SUBJECTS)}复核；", 1)
        else:
            head, _mark, tail = text.partition("；")
            text = f"{random.choice(WHEN)}{head[2:]}；{tail}"
    return text
