"""Chinese names by pinyin: the key they sort by and the spellings they are found by."""

import unicodedata

from pypinyin import Style, lazy_pinyin

# Characters that are read differently as a surname (通用规范 readings of 百家姓); pypinyin reads them as common words.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "任": "ren", "区": "ou", "查": "zha", "盖": "ge", "华": "hua",
    "乐": "yue", "朴": "piao", "翟": "zhai", "覃": "qin", "员": "yun", "召": "shao", "缪": "miao", "宁": "ning", "折": "she",
    "种": "chong", "重": "chong", "秘": "bi", "繁": "po", "晟": "cheng", "令": "ling", "逄": "pang", "尹": "yin", "长": "chang",
    "晁": "chao", "谌": "chen", "都": "du", "洗": "xian", "祭": "zhai", "车": "che", "石": "shi", "牟": "mu", "佴": "nai",
    "钻": "zuan", "褚": "chu", "卜": "bu", "纪": "ji", "阚": "kan", "隗": "wei", "燕": "yan", "应": "ying", "訾": "zi", "郇": "xun",
}  # fmt: skip
COMPOUND_SURNAMES = {
    "尉迟": ["yu", "chi"], "万俟": ["mo", "qi"], "澹台": ["tan", "tai"], "长孙": ["zhang", "sun"], "宿孙": ["su", "sun"],
    "单于": ["chan", "yu"], "令狐": ["ling", "hu"], "欧阳": ["ou", "yang"], "司马": ["si", "ma"], "上官": ["shang", "guan"],
    "诸葛": ["zhu", "ge"], "夏侯": ["xia", "hou"], "皇甫": ["huang", "fu"], "东方": ["dong", "fang"], "慕容": ["mu", "rong"],
}  # fmt: skip


def clean_name(text: str) -> str:
    """The name as it is stored: full-width letters folded, no spaces within a Chinese name, single ones in others."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if any(_is_han(character) for character in folded):
        return "".join(folded.split())
    return " ".join(folded.split())


def name_syllables(name: str) -> list[str]:
    """The syllables of a name in lower case without tones, the surname read as a surname: 单晓燕 -> shan xiao yan."""
    for surname, reading in COMPOUND_SURNAMES.items():
        if name.startswith(surname):
            return reading + _syllables(name[len(surname) :])
    if name and name[0] in SURNAME_READINGS:
        return [SURNAME_READINGS[name[0]], *_syllables(name[1:])]
    return _syllables(name)


def name_sort_key(name: str) -> str:
    """What names sort by and are searched by: `wang wei`; people of one pinyin stand together by character."""
    return " ".join(name_syllables(name))[:200]


def name_initials(name: str) -> str:
    """The first letters: 王建国 -> wjg."""
    return "".join(syllable[0] for syllable in name_syllables(name) if syllable)[:40]


def name_starts(name: str, name_en: str, *others: str) -> str:
    """All that a name may be found by, each behind a bar: every beginning of the name, its pinyin and its English form, and `others`.

    王建国, Wang Jianguo -> |王建国|建国|国|wangjianguo|jianguo|guo|wjg. So one comparison finds what several would.
    """
    folded = name.lower()
    starts = _starts(list(folded) if any(_is_han(character) for character in folded) else folded.split())
    starts += _starts(name_syllables(name)) + _starts(name_en.lower().split())
    return "".join(f"|{start}" for start in dict.fromkeys([*starts, name_initials(name), *others]) if start)[:1000]


def _starts(parts: list[str]) -> list[str]:
    return ["".join(parts[start:]) for start in range(len(parts))]


def _syllables(text: str) -> list[str]:
    readings = lazy_pinyin(text, style=Style.NORMAL, errors=lambda run: f" {run} ")
    return [syllable.lower() for reading in readings for syllable in reading.split()]


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003134f"
