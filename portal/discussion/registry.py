"""Which things can be discussed. Modules register theirs in `discussions.py`, after their policies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.access.policies import policy_for

if TYPE_CHECKING:
    from portal.discussion.models import Comment

NEEDED_ACTIONS = {"view", "comment", "moderate"}
NOUNS = ("comments", "suggestions", "answers")
NEWEST, SUPPORTED = ORDERS = ("newest", "supported")


def _always_comments(about: Any) -> str:
    return NOUNS[0]


def _ended_silently(user: Any, object_id: int) -> str:
    return ""


def _newest(about: Any) -> str:
    return NEWEST


@dataclass(frozen=True, slots=True)
class Discussable:
    """`url(thing)` is the page that shows the discussion, `label(thing)` how notifications name it, `noun(thing)` one of `NOUNS`,
    `order(thing)` the one of `ORDERS` in which its comments stand until the reader asks for another.

    `comment_extras(thing, comments)` gives HTML that stands under comments, by their ids, in a fixed number of queries; `comment_actions` is a template
    that is included in the row of actions of each comment that can be read (context: comment, about, rights, request).
    `ended(user, id)` says what became of a thing that this person had opened and does not see any more; nothing where it cannot be told.
    """

    model: type[models.Model]
    url: Callable[[Any], str]
    label: Callable[[Any], str] = str
    noun: Callable[[Any], str] = _always_comments
    comment_extras: Callable[[Any, Sequence["Comment"]], Mapping[int, str]] | None = None
    comment_actions: str = ""
    order: Callable[[Any], str] = _newest
    ended: Callable[[Any, int], str] = _ended_silently


_discussables: dict[type[models.Model], Discussable] = {}


def register_discussable(
    model: type[models.Model],
    *,
    url: Callable[[Any], str],
    label: Callable[[Any], str] = str,
    noun: Callable[[Any], str] = _always_comments,
    comment_extras: Callable[[Any, Sequence["Comment"]], Mapping[int, str]] | None = None,
    comment_actions: str = "",
    order: Callable[[Any], str] = _newest,
    ended: Callable[[Any, int], str] = _ended_silently,
) -> Discussable:
    """Let things of this model be discussed. Its policy must know `view`, `comment` (to write) and `moderate` (to remove what others wrote)."""
    missing = NEEDED_ACTIONS - set(policy_for(model).actions)
    if missing:
        raise LookupError(f"the policy of {model._meta.label} does not know {', '.join(sorted(missing))}")
    if model in _discussables:
        raise ValueError(f"{model._meta.label} can be discussed already")
    _discussables[model] = Discussable(model, url, label, noun, comment_extras, comment_actions, order, ended)
    return _discussables[model]


def all_discussables() -> list[Discussable]:
    return list(_discussables.values())


def discussable_for(model: type[models.Model]) -> Discussable:
    """LookupError where things of this model cannot be discussed."""
    if model not in _discussables:
        raise LookupError(f"{model._meta.label} cannot be discussed")
    return _discussables[model]


def discussable_of_type(type_id: int) -> Discussable | None:
    """By the id of a content type, as addresses and topics have it."""
    for discussable in _discussables.values():
        if ContentType.objects.get_for_model(discussable.model).pk == type_id:
            return discussable
    return None
