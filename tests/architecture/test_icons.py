"""One icon has one meaning: what stands in the rail is not drawn for anything else."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from portal.foundation.creation import all_creations
from portal.foundation.navigation import all_navigation
from portal.lists.definition import all_lists
from portal.notifications.registry import all_notification_kinds
from portal.search.sources import all_kinds

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
OUTSIDE = ROOT / "crm" / "extranet" / "pages"
SHARED = {"layouts", "foundation", "components"}
DRAWN = re.compile(r'{% icon "([a-z0-9-]+)"|icon="([a-z0-9-]+)"')

# An area by the name of its addresses, of its templates, and of the codes that it registers.
SAME_AREA = {
    "organization": "directory",
    "audit": "administration",
    "calendar": "administration",
    "person": "directory",
    "department": "directory",
    "approval": "approvals",
    "article": "knowledge",
    "policy": "knowledge",
    "thread": "forum",
    **dict.fromkeys(("notice", "announcement", "document", "topic", "news"), "bulletin"),
    **dict.fromkeys(("customer", "product", "opportunity", "quotation"), "crm"),
    **dict.fromkeys(("activities", "catalogue", "customers", "extranet", "marketing", "orders", "plans", "sales", "service", "surveys"), "crm"),
}
# Signs of what another area keeps, drawn where its things are meant: who publishes may send by mail, a paper waits, a department is chosen.
MEANT = {
    "stamp": {"bulletin", "knowledge", "crm"},
    "mail": {"crm"},
    "network": {"access"},
    "briefcase": {"access"},
    "key-round": {"bulletin", "knowledge"},
}


def test_each_place_of_the_rail_has_an_icon_of_its_own() -> None:
    places = defaultdict(list)
    for item in all_navigation():
        places[item.icon].append(item.code)
    assert len(places) > 20
    assert {icon: codes for icon, codes in places.items() if len(codes) > 1} == {}


def test_each_entry_of_the_new_menu_and_each_kind_of_result_has_an_icon_of_its_own() -> None:
    for name, icons in (("new", [item.icon for item in all_creations()]), ("results", [kind.icon for kind in all_kinds()])):
        assert sorted(icons) == sorted(set(icons)), name


def test_an_icon_of_the_rail_means_the_same_wherever_it_is_drawn() -> None:
    owners = {item.icon: _area(item.url_name) for item in all_navigation()}
    strangers = sorted(
        f"{icon} of {owners[icon]} in {place}" for icon, area, place in _drawn() if icon in owners and area not in {owners[icon], *MEANT.get(icon, ())}
    )
    assert strangers == []


def _drawn() -> Iterator[tuple[str, str, str]]:
    """Each icon with the area in which it is drawn, and where."""
    for item in all_creations():
        yield item.icon, _area(item.url_name), f"new: {item.label}"
    for kind in all_kinds():
        yield kind.icon, _area(kind.code), f"result: {kind.code}"
    for bell in all_notification_kinds():
        yield bell.icon, _area(bell.code), f"bell: {bell.code}"
    for one in all_lists():
        yield one.icon, _area(one.code), f"list: {one.code}"
    for path in TEMPLATES.rglob("*.html"):
        parts = path.relative_to(TEMPLATES).parts
        if parts[0] not in SHARED:
            yield from ((icon, _area(parts[0]), "/".join(parts)) for icon in _icons(path))
    for path in OUTSIDE.rglob("*.html"):
        yield from ((icon, "crm", path.name) for icon in _icons(path))


def _icons(path: Path) -> list[str]:
    return [tag or given for tag, given in DRAWN.findall(path.read_text())]


def _area(name: str) -> str:
    first = re.split(r"[.:]", name)[0]
    return SAME_AREA.get(first, first)
