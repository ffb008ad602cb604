"""Rows of lists and posts of a page, drawn here and not by a template: twenty posts or thirty rows through a template take longer than finding them.

Everything that people wrote is escaped, but the text of a post, which `clean_html` gave.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from forum.listing import ThreadRow
from forum.threads import ShownPost
from portal.foundation.avatars import avatar_html
from portal.foundation.icons import icon_svg
from portal.foundation.templatetags.foundation import number, when

MASK_FACE = '<span class="face mask" aria-hidden="true"></span>'
# The one form of a page that the buttons of all posts belong to.
ACTS = "post-acts"


def thread_rows(rows: Iterable[ThreadRow], *, is_of_one_board: bool) -> SafeString:
    return mark_safe("".join(_thread_row(row, is_of_one_board) for row in rows))


def _thread_row(row: ThreadRow, is_of_one_board: bool) -> str:
    thread = row.thread
    face = MASK_FACE if thread.is_masked else avatar_html(thread.author.name)
    address = address_of("forum:thread", thread.pk) + ("?new" if row.is_unread and not row.is_all_new else "")
    tags = ""
    if thread.is_closed:
        closed = escape(pgettext("thread", "closed"))
        tags += f'<span class="tag">{closed}</span>'
    if not thread.is_shown:
        hidden = escape(pgettext("thread", "hidden"))
        tags += f'<span class="tag urgent">{hidden}</span>'
    place = "" if is_of_one_board else f'<a href="{address_of("forum:board", thread.board_id)}">{escape(thread.board.label)}</a> · '
    new = ""
    if row.is_unread:
        count = ngettext("%(said)s new", "%(said)s new", row.new_count) % {"said": number(row.new_count)}
        said = escape(_("new thread") if row.is_all_new else count)
        new = f'<b class="new">{said}</b>'
    replies = ngettext("%(said)s reply", "%(said)s replies", thread.reply_count) % {"said": number(thread.reply_count)}
    return (
        f'<li class="thread-row{" unread" if row.is_unread else ""}">{face}<div class="what">'
        f'<a class="title" href="{address}">{icon_svg("pin") if thread.is_pinned else ""}<bdi>{escape(thread.title)}</bdi></a> {tags}'
        f'<p class="quiet small">{place}<bdi>{escape(thread.author_name)}</bdi> · {when(thread.created_at)}</p></div>'
        f'<div class="figures"><span>{escape(replies)}</span>{new}</div>'
        f'<div class="last quiet small"><bdi>{escape(thread.last_author_name)}</bdi><br>{when(thread.last_post_at)}</div></li>\n'
    )


def post_html(shown: ShownPost, *, is_changed: bool = False, has_acts: bool = True) -> SafeString:
    """One post. `is_changed` swaps it into an open page."""
    post = shown.post
    head = f'<article class="post{"" if post.is_readable else " gone"}" id="post-{post.number}"{" hx-swap-oob=true" if is_changed else ""}>'
    parts = [head] if post.is_readable else [head, _gone(post)]
    if shown.is_told:
        parts += [_header(shown), _quotation(shown), f'<div class="prose post-text" dir="auto">{post.body}</div>']
        if post.is_unsealed:
            said = escape(_("Two officers have opened the seal of this post, as the rules provide."))
            parts.append(f'<p class="quiet small">{icon_svg("lock-open")}{said}</p>')
        if shown.files:
            parts.append(get_template("forum/_post_files.html").render({"files": shown.files}))
        if has_acts:
            parts.append(_acts(shown))
    return mark_safe("".join([*parts, "</article>"]))


def _gone(post: Any) -> str:
    if post.is_withdrawn:
        said = _("%(name)s took this post back.") % {"name": post.author_name}
    else:
        said = _("Hidden by %(moderator)s: %(reason)s") % {"moderator": post.hidden_by.name, "reason": post.hidden_reason}
    return f'<p class="quiet small gone-note">{icon_svg("eye-off")}{escape(said)}<a class="number" href="{_address(post)}">#{post.number}</a></p>'


def _header(shown: ShownPost) -> str:
    post = shown.post
    face = MASK_FACE if post.is_masked else avatar_html(post.author.name, shown.photo_url)
    name = f"<bdi>{escape(post.author_name)}</bdi>"
    if shown.card_url:
        name = f'<a href="{escape(shown.card_url)}">{name}</a>'
    place = f'<span class="quiet small">{escape(shown.place)}</span>' if shown.place else ""
    about = escape(pgettext("time", "about")) + " " if post.is_masked else ""
    edited, was_edited = "", escape(_("edited"))
    if post.edited_at:
        edited = f'<a class="faint small" href="{address_of("forum:history", post.pk)}">{was_edited} {when(post.edited_at)}</a>'
    link = f'<a class="number faint small" href="{_address(post)}">#{post.number}</a>' if post.is_readable else ""
    return f'<header>{face}<b>{name}</b>{place}<span class="faint small">{about}{when(post.created_at)}</span>{edited}{link}</header>'


def _quotation(shown: ShownPost) -> str:
    quoted = shown.post.quoted
    if quoted is None:
        return ""
    said = f'<p dir="auto">{escape(shown.quotation)}</p>' if shown.quotation else ""
    link = f'<a href="{_address(quoted)}"><bdi>{escape(quoted.author_name)}</bdi> #{quoted.number}</a>'
    return f'<blockquote class="quoted quiet small">{said}{link}</blockquote>'


def _acts(shown: ShownPost) -> str:
    """What this reader may do with it. What is seldom wanted is in the menu."""
    post = shown.post
    parts = []
    count = f" {number(post.support_count)}" if post.support_count else ""
    if shown.may_support:
        label = icon_svg("thumbs-up") + escape(_("Support")) + count
        wanted, pressed = ("0", "true") if post.is_supported else ("1", "false")
        parts.append(_button("forum:post_support", post, "support", wanted, label, f'class="button plain small" aria-pressed="{pressed}"'))
    elif count:
        parts.append(f'<span class="quiet small">{icon_svg("thumbs-up")}{count}</span>')
    if shown.may_reply:
        address = f"{address_of('forum:thread', post.thread_id)}?page={post.page}&amp;quote={post.number}#reply"
        parts.append(_link(address, _("Quote")))
    if shown.may_change:
        parts.append(_link(address_of("forum:post_update", post.pk), _("Edit")))
    more = escape(_("More for post %(number)s") % {"number": post.number})
    entries = "".join(f"<li>{entry}</li>" for entry in _entries(shown))
    parts.append(
        f'<details class="menu start" data-behavior="menu"><summary class="button plain small" aria-label="{more}">{icon_svg("ellipsis")}</summary>'
        f"<ul>{entries}</ul></details>"
    )
    return f'<footer class="buttons">{"".join(parts)}</footer>'


def _link(address: str, label: str) -> str:
    return f'<a class="button plain small" href="{address}">{escape(label)}</a>'


def _entries(shown: ShownPost) -> list[str]:
    post = shown.post
    is_marked = post.is_bookmarked
    entries = [
        _button(
            "forum:post_bookmark", post, "bookmark", "0" if is_marked else "1", escape(_("Remove the bookmark") if is_marked else pgettext("act", "Bookmark"))
        )
    ]
    if shown.may_withdraw:
        entries.append(_button("forum:post_withdrawal", post, "", "", escape(_("Take back"))))
    links = (
        (shown.may_report, "forum:post_report", _("Report")),
        (shown.is_moderated and not shown.is_own, "forum:post_muting", _("Mute the author")),
        (shown.may_unseal, "forum:post_unsealing", _("Ask for the author")),
        (shown.may_hide, "forum:post_hiding", _("Hide")),
        (shown.may_restore, "forum:post_restoring", _("Show again")),
    )
    return entries + [f'<a href="{address_of(name, post.pk)}">{escape(label)}</a>' for is_offered, name, label in links if is_offered]


def _button(name: str, post: Any, field: str, value: str, label: str, more: str = "") -> str:
    given = f' name="{field}" value="{value}"' if field else ""
    return f'<button form="{ACTS}" formaction="{address_of(name, post.pk)}"{given} {more}>{label}</button>'


def _address(post: Any) -> str:
    return address_of("forum:post", post.pk)


def address_of(name: str, pk: int) -> str:
    return _pattern(name).replace("/0/", f"/{pk}/")


@cache
def _pattern(name: str) -> str:
    return reverse(name, args=[0])
