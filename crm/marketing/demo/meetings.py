"""The demo plant's yearly meeting of end users, and an exchange with partners of the channel."""

from datetime import timedelta
from io import BytesIO

from crm.catalogue.models import Product
from crm.marketing.services.meetings import add_point, finish_point, judge_point, note_meeting
from portal.accounts.models import User
from portal.attachments.services import receive_file
from portal.organization.demo import Plant

GUESTS = (("王建国", "退休职工"), ("何志强", "出租车司机"), ("刘桂芳", "红星路茶馆"), ("陈小军", "建材市场商户"))


MINUTES = "消费者年会纪要\n一、新品介绍。二、现场品评四十人，满意三十一人。三、答问三项，承诺两项，由销售科跟踪。\n"


def build_meetings(plant: Plant, keeper: User, seller: User) -> None:
    day, products = plant.day, list(Product.objects.filter(ended_on__isnull=True).order_by("code")[:1])
    minutes = receive_file(actor=keeper, name="消费者年会纪要.txt", content=BytesIO(MINUTES.encode()))
    users = note_meeting(
        actor=keeper, kind="users", name="消费者年会", held_on=day - timedelta(days=40), place="厂部礼堂", owner=keeper, products=products, guests=GUESTS,
        summary="请四十位常吸顾客品评，现场答问，承诺事项逐条落实。", file_ids=[minutes.pk],
    )  # fmt: skip
    add_point(
        users, actor=keeper, kind="question", text="新批次口感比去年淡，是否换了配方？", raised_by="王建国", owner=seller, due_on=day,
        outcome="配方未变，今年烟叶含糖略低，已在调整。",
    )  # fmt: skip
    kept = add_point(users, actor=keeper, kind="ours", text="盒盖开启处加易撕线", raised_by="刘桂芳", owner=seller, due_on=day - timedelta(days=10))
    add_point(users, actor=keeper, kind="ours", text="两个月内公布防伪查询办法", owner=seller, due_on=day - timedelta(days=2))
    finished = finish_point(kept, actor=seller, outcome="十月批次起已改。")
    if keeper.pk != seller.pk:
        judge_point(finished, actor=keeper, is_kept=True, judgement="抽查三箱，已改。")
    partners = note_meeting(
        actor=keeper, kind="partners", name="城区终端座谈会", held_on=day - timedelta(days=12), place="销售科", owner=seller, products=[], guests=GUESTS[2:],
        summary="陈列支持、补货周期。",
    )  # fmt: skip
    add_point(partners, actor=keeper, kind="ours", text="每店配台卡一套、样品两条", owner=seller, due_on=day + timedelta(days=14))
    add_point(partners, actor=keeper, kind="theirs", text="主推位陈列不少于两个月", raised_by="刘桂芳", owner=seller, due_on=day + timedelta(days=50))
