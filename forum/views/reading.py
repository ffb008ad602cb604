"""Reading: the front, a board, a thread, what came meanwhile, what is one's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from forum.forms import PostForm
from forum.listing import ThreadList, ThreadPage, board_rows, bookmarks_of, unread_by_board
from forum.models import PER_PAGE, Board, Post, Thread, ThreadRead
from forum.policies import moderates_some
from forum.search import place_of
from forum.services.posts import set_follow
from forum.services.reading import mark_all_read, mark_read
from forum.threads import read_page, rights_in, shown_posts
from forum.views.masked import composer
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.asking import read_number, read_words
from portal.foundation.once import FIELD, new_key
from portal.search.asking import understand
from portal.search.engines.base import EngineAwayError
from portal.search.finding import DEEPEST, PAGE, Chosen, Fit, find

CHIPS = ("", "unread", "followed", "unanswered", "mine")
MOST_CHANGED = 40
MOST_PRINTED = 500


@require_safe
@employee_required
def front(request: Any) -> HttpResponse:
    """All boards, and the threads of all of them by their last reply."""
    return _listing(request, None)


@require_safe
@employee_required
def board(request: Any, pk: int) -> HttpResponse:
    """One board: what is pinned, what is new, the rest."""
    return _listing(request, get_permitted(Board, user=request.user, rows=Board.objects.select_related("audience", "duty"), pk=pk))


def _listing(request: Any, shown: Board | None) -> HttpResponse:
    asked = request.GET.get("show", "")
    chip = asked if asked in CHIPS else ""
    words = read_words(request.GET)
    found = _found_in(request, shown, words) if shown is not None and words and not chip else {}
    page = ThreadList(request.user, shown, chip=chip, words=words).page(request.GET.get("after", "")) if not found else ThreadPage()
    boards = board_rows(request.user)
    context = {
        "board": shown,
        "boards": boards,
        "page": page,
        "chip": chip,
        "words": words,
        "chips": [
            ("", _("By last reply")),
            ("unread", _("Unread")),
            ("followed", _("I follow")),
            ("unanswered", _("No reply yet")),
            ("mine", _("Begun by me")),
        ],
        "unread": sum(unread_by_board(request.user).values()) if shown is None else unread_by_board(request.user).get(shown.pk, 0),
        "may_post": shown is not None and can(request.user, "post", shown),
        "may_change": shown is not None and can(request.user, "change", shown),
        "moderates": moderates_some(request.user),
        "may_moderate": shown is not None and can(request.user, "moderate", shown),
    }
    context |= found
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "threads"
    return render(request, "forum/_threads.html" if part else "forum/board.html", context)


def _found_in(request: Any, shown: Board, words: str) -> dict[str, Any]:
    """Posts of this board with these words, wherever in a sentence they stand. Where the search is away, titles are looked through instead."""
    asked, number = understand(words), read_number(request.GET, "page", 1)
    try:
        found = find(request.user, asked, Chosen(place=place_of(shown.pk), page=max(1, number)), has_facets=False)
    except EngineAwayError:
        return {}
    results = found.results[: len(found.results) - found.near]
    more = number + 1 if found.fit is not Fit.NEAR and number * PAGE < min(found.total, DEEPEST) else 0
    return {"found": found, "results": results, "asked": asked, "departments": {}, "more": more}


@require_safe
@employee_required
def thread(request: Any, pk: int) -> HttpResponse:
    """A page of a thread; `?new` leads to the first post that is new to the reader."""
    found = _thread(request, pk)
    if "new" in request.GET:
        read = ThreadRead.objects.filter(person=request.user, thread=found).values_list("number", flat=True).first() or 0
        number = min(read + 1, found.last_number)
        return redirect(f"{found.get_absolute_url()}?page={(number - 1) // PER_PAGE + 1}#post-{number}")
    view = read_page(request.user, found, read_number(request.GET, "page", 1), is_own_page=not request.view_as)
    context: dict[str, Any] = {"view": view, "thread": found, "board": found.board, "key_field": FIELD, "key": new_key()}
    if view.writing:
        context["form"] = PostForm(actor=request.user, board=found.board, initial={"body": view.draft} if view.draft and not request.view_as else None)
        context["quoted"] = _quoted(request, found)
        context |= composer(request, found.board, found)
    return render(request, "forum/thread.html", context)


@require_safe
@employee_required
def thread_print(request: Any, pk: int) -> HttpResponse:
    """A thread as it is printed: `from` this number on, as many posts as a print takes, without what can be pressed."""
    found = _thread(request, pk)
    first = min(max(read_number(request.GET, "from", 1), 1), max(found.last_number, 1))
    last = min(first + MOST_PRINTED - 1, found.last_number)
    posts = shown_posts(request.user, found, Post.objects.between(first, last), *rights_in(request.user, found))
    context = {"thread": found, "board": found.board, "posts": posts, "first": first, "last": last, "next": last + 1 if last < found.last_number else 0}
    return render(request, "forum/print.html", context)


@require_GET
@employee_required
def arrivals(request: Any, pk: int) -> HttpResponse:
    """For an open page that was rung: posts that it shows and that changed since the cursor `since`, and how many came after the number `last`."""
    found = _thread(request, pk)
    since, first, last = (read_number(request.GET, name) for name in ("since", "first", "last"))
    posts = []
    if since < found.cursor:
        changed = Post.objects.between(first, last).filter(thread=found, changed_in__gt=since)
        posts = shown_posts(request.user, found, Post.objects.filter(pk__in=changed.values("pk")[:MOST_CHANGED]), *rights_in(request.user, found))
    context = {
        "thread": found,
        "posts": posts,
        "first": first,
        "last": last,
        "count": max(0, found.last_number - last),
    }
    return render(request, "forum/_arrivals.html", context)


@require_safe
@employee_required
def post(request: Any, pk: int) -> HttpResponse:
    """Where a post stands: the page of its thread, wherever that is now."""
    found = Post.objects.select_related("thread").filter(pk=pk).first()
    shown = _thread(request, found.thread_id if found is not None else 0)
    return redirect(f"{shown.get_absolute_url()}?page={found.page}#post-{found.number}")  # type: ignore[union-attr]  # else it was not found


@require_safe
@employee_required
def history(request: Any, pk: int) -> HttpResponse:
    """How a post read before, newest first."""
    found = get_permitted(Post, user=request.user, rows=Post.objects.select_related("author", "thread__board"), pk=pk)
    earlier = list(found.revisions.order_by("-number"))
    return render(request, "forum/history.html", {"post": found, "thread": found.thread, "board": found.thread.board, "earlier": earlier})


@require_safe
@employee_required
def bookmarks(request: Any) -> HttpResponse:
    return render(request, "forum/bookmarks.html", {"bookmarks": bookmarks_of(request.user)})


@require_POST
@employee_required
def reading(request: Any, pk: int) -> HttpResponse:
    """The page says that it was seen, up to a number."""
    mark_read(actor=request.user, thread=_thread(request, pk), number=read_number(request.POST, "number"))
    return HttpResponse(status=204)


@require_POST
@employee_required
def all_read(request: Any) -> HttpResponse:
    """Everything until now, in one board or in all."""
    pk = read_number(request.POST, "board")
    chosen = get_permitted(Board, user=request.user, pk=pk) if pk else None
    mark_all_read(actor=request.user, board=chosen)
    return redirect(chosen.get_absolute_url() if chosen is not None else reverse("forum:front"))


@require_POST
@employee_required
def following(request: Any, pk: int) -> HttpResponse:
    found = _thread(request, pk)
    set_follow(actor=request.user, thread=found, level=request.POST.get("level", ""))
    return redirect(found)


def _thread(request: HttpRequest, pk: int) -> Thread:
    rows = Thread.objects.select_related("board__audience", "board__duty", "audience", "author")
    return get_permitted(Thread, user=request.user, rows=rows, pk=pk)


def _quoted(request: Any, found: Thread) -> Post | None:
    """The post that the reader wants to answer, where it may be quoted."""
    number = read_number(request.GET, "quote")
    chosen = Post.objects.select_related("author").filter(thread=found, number=number).first() if number else None
    if chosen is None:
        return None
    chosen.thread = found
    return chosen if can(request.user, "quote", chosen) else None
