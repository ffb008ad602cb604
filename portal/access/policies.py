"""Policies: one per model, each answering three questions.

May this user do this to that (`decide`); which rows may this user see (`visible`); which people may see that row (`viewers`).
Lists, counts, search, files, feeds, exports, sockets, mail and notifications all ask here; nobody writes a second rule.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.models import Audience
from portal.access.rules import Match
from portal.access.standings import people_matching, standing_of
from portal.access.visibility import audience_ids_of
from portal.accounts.models import User

Words = str | Promise
Model = TypeVar("Model", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and the rule that decided it; `audience` and `match` where an audience did."""

    allowed: bool
    rule: Words
    audience: Audience | None = None
    match: Match | None = None

    def __bool__(self) -> bool:
        return self.allowed


class Policy(Generic[Model]):
    """The base refuses everything. A subclass answers for its actions and says which rows are visible."""

    actions: ClassVar[dict[str, Words]] = {"view": _("see")}
    # Whether one object is cheaper to decide than to find among the visible rows; both say the same.
    decides_views: ClassVar[bool] = False

    def decide(self, user: Any, action: str, obj: Model) -> Decision:
        """May this user do this to that? Called for `view` too; must agree with `visible` and `viewers`."""
        return Decision(False, _("Nobody may do this."))

    def visible(self, user: Any, rows: models.QuerySet[Model]) -> models.QuerySet[Model]:
        """Which of these rows may this user see?"""
        return rows.none()

    def viewers(self, obj: Model) -> models.QuerySet[User]:
        """Which people may see this row, today?"""
        return User.objects.none()

    def title(self, obj: Model) -> str:
        """What a thing is called to those who may ask why: its name or title, never what it says."""
        return str(obj)


_policies: dict[type[models.Model], Policy[Any]] = {}


def register(model: type[models.Model], policy: type[Policy[Any]]) -> None:
    """Make `policy` the rule for `model`. A second one for the same model is refused."""
    if model in _policies and type(_policies[model]) is not policy:
        raise ValueError(f"{model._meta.label} has a policy already")
    _policies[model] = policy()


def policy_for(model: type[models.Model]) -> Policy[Any]:
    """The policy of a model or of the nearest model that it inherits from. LookupError where there is none."""
    for ancestor in model.__mro__:
        if ancestor in _policies:
            return _policies[ancestor]
    raise LookupError(f"no policy for {model._meta.label}")


def decide(user: Any, action: str, obj: models.Model) -> Decision:
    """The decision with its rule. An action that the policy does not know is an error of ours, not a refusal."""
    policy = policy_for(type(obj))
    if action not in policy.actions:
        raise LookupError(f"{type(policy).__name__} knows no action {action!r}")
    if not user.is_authenticated or not user.is_active:
        return Decision(False, _("Only people who are signed in and active may do this."))
    return policy.decide(user, action, obj)


def can(user: Any, action: str, obj: models.Model) -> bool:
    return decide(user, action, obj).allowed


def visible_to(model: type[Model], user: Any, rows: models.QuerySet[Model] | None = None) -> models.QuerySet[Model]:
    """The rows of a model (or of `rows`) that this user may see."""
    rows = model._default_manager.all() if rows is None else rows
    if not user.is_authenticated or not user.is_active:
        return rows.none()
    return policy_for(model).visible(user, rows)


def viewers_of(obj: models.Model) -> models.QuerySet[User]:
    """The active people who may see this."""
    return policy_for(type(obj)).viewers(obj)


def get_permitted(model: type[Model], *, user: Any, action: str = "view", rows: models.QuerySet[Model] | None = None, **lookup: Any) -> Model:
    """The one way in which a view loads an object: 404 for what the user may not see, 403 for what may be seen and not done."""
    if policy_for(model).decides_views:
        obj = (model._default_manager.all() if rows is None else rows).filter(**lookup).first()
        if obj is None or not decide(user, "view", obj):
            raise Http404
    else:
        obj = visible_to(model, user, rows).filter(**lookup).first()
    if obj is None:
        raise Http404
    if action != "view":
        decision = decide(user, action, obj)
        if not decision:
            raise PermissionDenied(decision.rule)
    return obj


class AudiencePolicy(Policy[Model]):
    """For models with an `audience`: it decides who sees; `changers` decides the rest.

    `sees_all(user)` is for those who watch over this kind of thing; it widens `decide`, `visible` and `viewers` alike.
    """

    def sees_all(self, user: Any) -> bool:
        return False

    def all_seers(self) -> models.QuerySet[User]:
        """The people for whom `sees_all` holds, as a queryset."""
        return User.objects.none()

    def decide(self, user: Any, action: str, obj: Model) -> Decision:
        if action == "view":
            return self.decide_view(user, obj)
        return Decision(False, _("Nobody may do this."))

    def decide_view(self, user: Any, obj: Any) -> Decision:
        if self.sees_all(user):
            return Decision(True, _("Watches over things of this kind."))
        return decide_by_audience(user, obj.audience)

    def visible(self, user: Any, rows: models.QuerySet[Model]) -> models.QuerySet[Model]:
        if self.sees_all(user):
            return rows
        return rows.filter(audience__any=audience_ids_of(user))

    def viewers(self, obj: Any) -> models.QuerySet[User]:
        return people_matching(obj.audience.rule) | self.all_seers()


def decide_by_audience(user: Any, audience: Audience) -> Decision:
    """The decision of an audience about a person, with the token that made it."""
    standing = standing_of(user)
    match = audience.rule.match(standing.token_set, standing.level)
    return Decision(bool(match), _("The audience decides."), audience, match)
