"""News of the demo plant: a lead story with a picture, and a few of each category. The clerk of the plant office edits them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from bulletin.capabilities import EDIT_NEWS
from bulletin.news.models import Category, NewsItem
from bulletin.news.services.items import create_item
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.attachments.services import receive_file
from portal.organization.demo import Plant
from portal.pages.services import publish_draft

ITEMS = (
    ("plant", "两台 ZJ17 机组技改通过验收", "改造后单机效率提高 6%，换牌号停机缩短到 25 分钟。", "生产科"),
    ("market", "三季度细支烟市场份额继续上升", "省内细支烟销量同比增长 11%，硬红规格持平。", "销售科"),
    ("law", "新修订的《烟草专卖许可证管理办法》公布", "办理时限缩短，年检改为网上申报。", "省烟草专卖局"),
    ("rules", "行业下发原料仓储温湿度技术规范", "规范自明年 1 月起执行，现有仓库一年内整改到位。", "行业标准"),
    ("plant", "第十二届职工运动会闭幕", "卷包车间获团体总分第一，机关联队第二。", "工会"),
    ("market", "烟叶收购进入尾声，上等烟比例提高", "全省收购进度 93%，上等烟占 68%。", "采购科"),
    ("law", "税务部门明确消费税申报口径", "涉及批发环节的两项口径自本月起统一。", "财务科"),
)


def build_news(plant: Plant) -> None:
    """Published by the clerk, the newest an hour ago."""
    editor = plant.cast["clerk"]
    administrator = plant.cast["administrator"]
    grant_capability(EDIT_NEWS, rule=AudienceRule.of([person_token(editor.pk)]), actor=administrator)
    for place, (category, title, summary, source) in enumerate(ITEMS):
        values: dict[str, Any] = {"title": title, "category": Category(category), "summary": summary, "body": f"<p>{summary}</p>", "source": source}
        if place == 0:
            picture = receive_file(actor=editor, name="机组.png", content=_picture())
            values |= {"is_lead": True, "picture_id": picture.pk, "picture_alt": "卷包车间的新机组"}
        item = publish_draft(create_item(actor=editor, values=values), actor=editor)
        NewsItem.objects.filter(pk=item.pk).update(published_at=timezone.now() - timedelta(hours=1 + place * 20))


def _picture() -> BytesIO:
    """A row of machines, as a drawing."""
    picture = Image.new("RGB", (1200, 640), "#e6efe5")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, 1200, 640), fill="#c9cdc2")
    for number in range(4):
        left = 90 + number * 270
        draw.rounded_rectangle((left, 230, left + 220, 480), 14, fill="#2b5d3b")
        draw.rounded_rectangle((left + 24, 262, left + 196, 360), 8, fill="#8fc79c")
        draw.rectangle((left + 30, 392, left + 190, 404), fill="#f6f6f2")
        draw.rectangle((left + 30, 420, left + 130, 432), fill="#f6f6f2")
    content = BytesIO()
    picture.save(content, "PNG")
    content.seek(0)
    return content
