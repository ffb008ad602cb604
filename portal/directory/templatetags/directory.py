"""How departments are named in lists, and the rows of people, which are drawn so often that they have no template of their own."""

from collections.abc import Iterable
from datetime import date
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.access.words import level_name
from portal.directory.finding import PersonRow
from portal.directory.people import place_label
from portal.directory.photos import photo_url
from portal.directory.tree import Node, depth_first, digest_of_tree, read_tree
from portal.foundation.avatars import avatar_html
from portal.foundation.icons import icon_svg
from portal.organization.models import Department, Position

register = template.Library()
_drawn_trees: dict[str, tuple[str, SafeString]] = {}  # by language: what it was drawn of, and the rows


@register.filter
def place(department: Department) -> str:
    """The name, with the one above where it says little by itself."""
    return place_label(department)


@register.simple_tag
def department_choices(options: Iterable[tuple[int, str]], chosen: int | None = None) -> SafeString:
    """The options of a list of departments."""
    return mark_safe("".join(f'<option value="{pk}"{" selected" if pk == chosen else ""}>{escape(label)}</option>' for pk, label in options))


@register.simple_tag
def people_rows(rows: Iterable[PersonRow]) -> SafeString:
    """The body of the table in `directory/_people.html`."""
    labels: list[str] = [escape(label) for label in (_("Department"), _("Position"), _("Office phone"), _("Mobile"), _("Room"))]
    people, departments = reverse("organization:person_list"), reverse("organization:department_list")
    return mark_safe("".join(_person_row(row, people, departments, labels) for row in rows))  # every part is escaped


def whole_tree_html(day: date) -> SafeString:
    """The body of the table in `directory/department_list.html`; drawn anew only where the tree has changed, for a plant of 50,000 has hundreds of them."""
    language, digest = get_language() or "", digest_of_tree(day)
    known = _drawn_trees.get(language)
    if known is None or known[0] != digest:
        known = _drawn_trees[language] = digest, _department_rows(depth_first(read_tree(day)))
    return known[1]


def _department_rows(nodes: Iterable[Node]) -> SafeString:
    headed, people, phone = (escape(label) for label in (_("Headed by"), _("People"), _("Phone")))
    departments, comma = reverse("organization:department_list"), _(", ")
    rows = [
        f'<tr><th scope="row"><span class="indent" data-depth="{node.depth}"><a href="{departments}{node.pk}/">{escape(node.label)}</a></span></th>'
        f'<td data-label="{headed}">{escape(comma.join(head.name for head in node.heads))}</td>'
        f'<td class="num said" data-label="{people}">{node.count:,}</td><td class="said" data-label="{phone}">{escape(node.phone)}</td></tr>'
        for node in nodes
    ]
    return mark_safe("".join(rows))  # every part is escaped


@register.simple_tag
def position_rows(held: Iterable[tuple[Position, int]]) -> SafeString:
    """The body of the table in `directory/position_list.html`."""
    labels = [escape(label) for label in (_("Short code"), _("Clearance"), _("Heads the department"), _("Second factor"), _("Holders"))]
    code, clearance, heads, factor, holders = labels
    positions_url, yes, obligatory = reverse("organization:position_list"), escape(_("yes")), escape(_("obligatory"))
    rows = [
        f'<tr><th scope="row"><a href="{positions_url}{position.pk}/">{escape(position.label)}</a></th>'
        f'<td data-label="{code}">{escape(position.code)}</td><td data-label="{clearance}">{escape(str(level_name(position.clearance)))}</td>'
        f'<td data-label="{heads}">{yes if position.is_head else ""}</td>'
        f'<td data-label="{factor}">{obligatory if position.requires_second_factor else ""}</td>'
        f'<td class="num" data-label="{holders}">{count:,}</td></tr>'
        for position, count in held
    ]
    return mark_safe("".join(rows))  # every part is escaped


@register.simple_tag
def tree_items(nodes: Iterable[Node]) -> SafeString:
    """The roots of the organization chart, with what is open below them."""
    return mark_safe(_tree_items(nodes, 1, TreeWords()))  # every part is escaped


def branch_html(node: Node) -> SafeString:
    """What stands below one department: those below it, and its people."""
    words = TreeWords()
    return mark_safe(_tree_items(node.children, node.depth + 1, words) + _leaves(node, node.depth + 1, words))  # every part is escaped


class TreeWords:
    """What every item of the chart says or links to, looked up once for a chart."""

    def __init__(self) -> None:
        self.chart, self.departments, self.people = (reverse(f"organization:{name}") for name in ("chart", "department_list", "person_list"))
        self.below = _("What is below %(department)s")
        self.arrow = icon_svg("chevron-right")


def _tree_items(nodes: Iterable[Node], level: int, words: TreeWords) -> str:
    return "".join(_tree_item(node, level, words) for node in nodes)


def _tree_item(node: Node, level: int, words: TreeWords) -> str:
    label = escape(node.label)
    heads = "".join(f' <a class="quiet small" href="{words.people}{head.person_id}/">{escape(head.name)}</a>' for head in node.heads)
    opens = (node.parent_id or "") if node.is_open else node.pk
    group = f'<ul role="group">{_tree_items(node.children, level + 1, words)}{_leaves(node, level + 1, words)}</ul>' if node.is_open else ""
    return (
        f'<li role="treeitem" aria-level="{level}" aria-expanded="{"true" if node.is_open else "false"}" aria-selected="false" tabindex="-1"'
        f' data-branch="{words.chart}{node.pk}/" aria-labelledby="node-{node.pk}"><div class="node">'
        f'<a class="toggle" href="{words.chart}?open={opens}" aria-label="{escape(words.below % {"department": node.label})}">{words.arrow}</a>'
        f'<span class="grow" id="node-{node.pk}"><a href="{words.departments}{node.pk}/">{label}</a>{heads}</span>'
        f'<span class="num small faint">{node.count:,}</span></div>{group}</li>'
    )


def _leaves(node: Node, level: int, words: TreeWords) -> str:
    item = f'<li role="treeitem" aria-level="{level}" aria-selected="false" tabindex="-1"><div class="node leaf">'
    leaves = []
    for leaf in node.people:
        face = avatar_html(leaf.name, photo_url(leaf.person_id, leaf.photo))
        name = f'<a href="{words.people}{leaf.person_id}/">{escape(leaf.name)}</a>'
        leaves.append(f'{item}{face}<span class="grow">{name} <span class="faint small">{escape(leaf.position)}</span></span></div></li>')
    if node.more:
        more = ngettext("%(number)s more", "%(number)s more", node.more) % {"number": f"{node.more:,}"}
        leaves.append(f'{item}<a href="{words.departments}{node.pk}/">{escape(more)}</a></div></li>')
    return "".join(leaves)


def _person_row(row: PersonRow, people: str, departments: str, labels: list[str]) -> str:
    department, position, phone, mobile, room = labels
    away = f' <span class="tag due">{escape(row.away)}</span>' if row.away else ""
    place = f'<a href="{departments}{row.department_id}/">{escape(row.place)}</a>' if row.department_id else ""
    return (
        f'<tr><th scope="row"><span class="who">{avatar_html(row.name, row.photo_url)}<a href="{people}{row.pk}/">{escape(row.name)}</a>'
        f' <span class="faint small">{escape(row.number)}</span>{away}</span></th>'
        f'<td data-label="{department}">{place}</td><td data-label="{position}">{escape(row.position)}</td>'
        f'<td class="office" data-label="{phone}">{escape(row.phone)}</td>'
        f'<td class="mobile" data-label="{mobile}">{escape(row.mobile)}</td><td class="room" data-label="{room}">{escape(row.room)}</td></tr>'
    )
