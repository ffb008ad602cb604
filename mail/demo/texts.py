"""What people of the demo plant write to one another: a subject, then who says what. `to`, `cc` and `bcc` are of the first message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Talk:
    """`says` has the writer's key in the cast and the paragraphs, oldest first; `days` ago it began; of the last message `unread` says who has not opened it."""

    subject: str
    says: tuple[tuple[str, str], ...]
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    days: float = 1.0
    unread: tuple[str, ...] = ()


TALKS = (
    Talk(
        "3 号机组端部落丝超标，请协助排查",
        (
            ("head", "昨天下午 3 号机组端部落丝量连续三个点超标（11.8、12.1、11.5 mg/支，标准 ≤ 8.0），请车间协助查找原因。"),
            ("operator", "已安排今早班前点检，重点看吸丝带和平整盘。"),
            ("inspector", "制丝出口含水率 12.3%，整丝率 82.6%，来料没有问题。"),
            ("head", "来料正常，那就查机组。请换吸丝带后再取 20 支，14:30 前把数据回给我。"),
            ("operator", "吸丝带已换，14:10 取样 20 支，端部落丝量回到 6.4 mg/支。旧吸丝带边缘起毛，建议其余机组本周内都看一遍。"),
        ),
        ("operator", "inspector"),
        cc=("director",),
        days=1.2,
        unread=("head", "director"),
    ),
    Talk("12 月份成品抽检排班（征求意见稿）", (("inspector", "排班表初稿已排好，请科长看看元旦前一周的安排是否合适。"),), ("head",), days=0.1, unread=("head",)),
    Talk(
        "第 47 周嘴棒纸到货检验",
        (
            ("head", "第 47 周嘴棒纸 38 件周三上午到库，质检科 10:00 取样，合格后先在 5 号发射机试用一个班。"),
            ("inspector", "收到。取样单已备好，结果当天 16:00 前报给您。"),
        ),
        ("inspector",),
        cc=("operator",),
        days=2.0,
    ),
    Talk("周三办公楼停电，请提前存盘", (("clerk", "周三 12:00—13:30 办公楼配电检修停电，请各位提前存盘并关机。"),), ("head", "director", "seller", "administrator"), days=0.3, unread=("head", "seller")),
    Talk(
        "过程能力周报：吸阻 Cpk 1.41",
        (("inspector", "本周吸阻 Cpk 1.41，硬度 1.36，质量 1.52，均在控制范围内。3 号机组端部落丝另行报告。"),),
        ("head",),
        cc=("director",),
        bcc=("operator",),
        days=3.0,
    ),
    Talk(
        "零售户反映软包外膜易破",
        (
            ("seller", "本周走访 26 户，有 4 户反映软包外膜运输后有细小裂口，照片已发群里，想请质检科看看是哪一批。"),
            ("head", "请把箱码发来，我让检验员追到机组和班次。"),
            ("seller", "箱码共 4 个：2026111803、2026111807、2026111811、2026111902。"),
        ),
        ("head",),
        days=4.5,
    ),
    Talk("月度质量分析会材料", (("director", "周五上午开月度质量分析会，请质检科准备近三个月端部落丝、空头和外观缺陷的趋势。"),), ("head",), days=5.0),
    Talk("邮箱和初始密码说明", (("administrator", "每人的邮箱已开通，地址由姓名拼音和工号组成，在门户左侧“邮件”里使用。容量 200 MB，删除的邮件保留 30 天。"),), ("head", "clerk", "seller", "inspector", "operator", "director"), days=9.0),
)  # fmt: skip

MASS = (
    "本周五下午质检科全体会议",
    "周五 14:30 在二楼会议室开科务会：一、十二月份抽检安排；二、端部落丝问题复盘；三、年终总结分工。当班人员会后看纪要。请大家收到后打开确认。",
)

AWAY = "本周在地区市场走访零售户，周五回厂。急事请打 138 开头的手机，或找销售科内勤。"
ENVELOPE_SENDER = "mail@supplier.example"
OUTSIDE = (
    "From: {name} <{address}>\r\nTo: {to}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
)
# To whom, how many hours ago, who it says that it is from, and what.
LETTERS = (
    (
        "inspector",
        20,
        "周文（华丰纸业）",
        "zhouwen@supplier.example",
        "第 48 周嘴棒纸发货通知",
        "您好：嘴棒纸 40 件今日发车，预计周三上午到库，随车附检验报告。",
    ),
    ("head", 6, "信息中心", "it@{domain}", "邮箱即将停用，请尽快验证", "您的邮箱将于今晚停用，请点击链接并输入密码完成验证。"),
)
