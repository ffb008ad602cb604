"""Believable names: surnames as frequent as they are, given names by generation."""

from random import Random

from portal.foundation.names import COMPOUND_SURNAMES, name_syllables

SURNAMES = {
    "王": 72, "李": 71, "张": 68, "刘": 54, "陈": 46, "杨": 31, "黄": 22, "赵": 21, "周": 20, "吴": 20, "徐": 15, "孙": 15, "马": 13, "朱": 12,
    "胡": 12, "郭": 12, "何": 11, "林": 11, "高": 10, "罗": 10, "郑": 9, "梁": 9, "谢": 8, "宋": 8, "唐": 7, "许": 7, "邓": 7, "韩": 7,
    "冯": 6, "曹": 6, "彭": 6, "曾": 6, "肖": 6, "田": 6, "董": 5, "潘": 5, "袁": 5, "蔡": 5, "蒋": 5, "余": 5, "于": 5, "杜": 4, "叶": 4,
    "程": 4, "魏": 4, "苏": 4, "吕": 4, "丁": 4, "任": 4, "卢": 3, "姚": 3, "沈": 3, "钟": 3, "姜": 3, "崔": 3, "谭": 3, "陆": 3, "范": 3,
    "汪": 3, "廖": 3, "石": 3, "金": 3, "韦": 2, "贾": 2, "夏": 2, "付": 2, "方": 2, "邹": 2, "熊": 2, "白": 2, "孟": 2, "秦": 2, "邱": 2,
    "侯": 2, "江": 2, "尹": 1, "薛": 1, "闫": 1, "段": 1, "雷": 1, "龙": 1, "黎": 1, "史": 1, "陶": 1, "贺": 1, "毛": 1, "郝": 1, "顾": 1,
    "单": 1, "仇": 1, "解": 1, "欧阳": 1, "上官": 1, "司马": 1, "诸葛": 1,
}  # fmt: skip
GIVEN = {
    "man": ["建国", "建军", "志强", "国庆", "卫东", "永红", "建华", "志刚", "德胜", "伟", "强", "勇", "军", "磊", "涛", "斌", "鹏", "杰", "浩", "超",
            "俊杰", "子轩", "浩然", "宇航", "文博", "明辉", "海波", "振宇", "嘉豪", "晓东", "立新", "家兴", "学文", "庆丰", "长春", "少华", "思远", "一鸣"],
    "woman": ["秀英", "桂英", "玉兰", "淑珍", "丽华", "凤英", "桂兰", "敏", "静", "丽", "娟", "艳", "芳", "燕", "霞", "玲", "红梅", "晓燕", "雪梅", "海燕",
              "丽娜", "婷婷", "欣怡", "雨欣", "梦瑶", "佳怡", "思雨", "晓红", "春梅", "小芳", "文静", "慧敏", "亚楠", "诗涵", "若曦", "美玲", "冬梅", "彩霞"],
}  # fmt: skip
_SURNAMES, _WEIGHTS = list(SURNAMES), list(SURNAMES.values())


def draw_name(random: Random) -> str:
    """A name by chance; in a plant of some hundreds several people share one."""
    return random.choices(_SURNAMES, _WEIGHTS)[0] + random.choice(GIVEN["man" if random.random() < 0.6 else "woman"])


def english_form(name: str) -> str:
    """The name as it stands on a passport: 李敏 -> Li Min, 欧阳建国 -> Ouyang Jianguo."""
    syllables = name_syllables(name)
    length = 2 if name[:2] in COMPOUND_SURNAMES else 1
    return f"{''.join(syllables[:length]).capitalize()} {''.join(syllables[length:]).capitalize()}".strip()
