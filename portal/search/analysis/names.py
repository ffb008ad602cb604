"""The spellings by which a name is found: the name, its pinyin and initials, its English form."""

from collections.abc import Iterable

from portal.foundation.names import name_starts
from portal.search.analysis.folding import fold


def spellings(names: Iterable[str]) -> list[str]:
    """王建国 (Wang Jianguo): 王建国, 建国, 国, wangjianguo, jianguo, guo, wjg. A beginning of any of them finds the name."""
    return list(dict.fromkeys(spelling for name in names for spelling in name_starts(fold(name), "").split("|") if spelling and " " not in spelling))
