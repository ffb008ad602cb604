"""Policies: one per model, each answering three questions.

May this user do this to that (`decide`); which rows may this user see (`visible`); which people may see that row (`viewers`).
Lists, counts, search, files, feeds, exports, sockets, mail and notifications all ask here; nobody writes a second rule.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.models import Audience
from portal.access.readers import NOBODY, TakingPart, rows_taken, taking_part_in
from portal.access.rules import Match
from portal.access.standings import people_holding, people_matching, standing_of
from portal.access.visibility import audience_ids_of
from portal.accounts.models import User

Words = str | Promise
Model = TypeVar("Model", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and the rule that decided it; `audience` and `match` where an audience did, `token` where somebody takes part by it."""

    allowed: bool
    rule: Words
    audience: Audience | None = None
    match: Match | None = None
    token: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class Policy(Generic[Model]):
    """The base refuses everything. A subclass answers for its actions and says which rows are visible."""

    actions: ClassVar[dict[str, Words]] = {"view": _("see")}
    # Whether one object is cheaper to decide than to find among the visible rows; both say the same.
    decides_views: ClassVar[bool] = False
    # Whether those who may ask why may ask about such a thing. Who has a letter is a secret in itself.
    may_be_asked: ClassVar[bool] = True

    def decide(self, user: Any, action: str, obj: Model) -> Decision:
        """May this user do this to that? Called for `view` too; must agree with `visible` and `viewers`."""
        return Decision(False, _("Nobody may do this."))

    def visible(self, user: Any, rows: models.QuerySet[Model]) -> models.QuerySet[Model]:
        """Which of these rows may this user see?"""
        return rows.none()

    def named(self, user: Any, rows: models.QuerySet[Model]) -> models.QuerySet[Model]:
        """Of which of these rows may this user read names and words where many are shown at once? In SQL; no more than `visible`."""
        return self.visible(user, rows)

    def viewers(self, obj: Model) -> models.QuerySet[User]:
        """Which people may see this row, today?"""
        return User.objects.none()

    def taking_part(self, obj: Model) -> TakingPart:
        """Who sees this row besides, whatever its audience says: one statement, which decisions, recipients, bells and search ask."""
        return NOBODY

    def rows_of_taking_part(self, user: Any) -> models.Q | None:
        """The same of rows: those in which this person takes part; None where there are none."""
        return None

    def decide_file(self, user: Any, obj: Model, pk: UUID) -> Decision | None:
        """May this user open a file that hangs on the thing, where its versions are for different readers? None where the thing alone decides."""
        return None

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


def named_to(model: type[Model], user: Any, rows: models.QuerySet[Model]) -> models.QuerySet[Model]:
    """Those of `rows` whose names and words this user may read."""
    return policy_for(model).named(user, rows) if user.is_authenticated and user.is_active else rows.none()


def models_with_policies() -> list[type[models.Model]]:
    return list(_policies)


def viewers_of(obj: models.Model) -> models.QuerySet[User]:
    """The active people who may see this."""
    return policy_for(type(obj)).viewers(obj)


def get_permitted(model: type[Model], *, user: Any, action: str = "view", rows: models.QuerySet[Model] | None = None, **lookup: Any) -> Model:
    """The one way in which a view loads an object: 404 for what the user may not see, 403 for what may be seen and not done. Customers see nothing of the
    intranet, whatever was released to them: they read that on their own site."""
    if not user.is_authenticated or not user.is_employee:
        raise Http404
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
        taking = decide_by_taking_part(user, self.taking_part(obj))
        return taking if taking else decide_by_audience(user, obj.audience)

    def visible(self, user: Any, rows: models.QuerySet[Model]) -> models.QuerySet[Model]:
        if self.sees_all(user):
            return rows
        taken = self.rows_of_taking_part(user)
        in_audience = models.Q(audience__any=audience_ids_of(user))
        return rows.filter(in_audience if taken is None else in_audience | taken)

    def viewers(self, obj: Any) -> models.QuerySet[User]:
        return people_matching(obj.audience.rule) | people_taking_part(self.taking_part(obj)) | self.all_seers()


class ReadersPolicy(Policy[Model]):
    """For models that `HasReaders` and have no audience: who takes part sees, and nobody else."""

    def taking_part(self, obj: Any) -> TakingPart:
        return taking_part_in(obj)

    def rows_of_taking_part(self, user: Any) -> models.Q | None:
        return rows_taken(self.model, user)

    model: ClassVar[type[models.Model]]

    def decide(self, user: Any, action: str, obj: Model) -> Decision:
        return decide_by_taking_part(user, self.taking_part(obj)) if action == "view" else Decision(False, _("Nobody may do this."))

    def visible(self, user: Any, rows: models.QuerySet[Model]) -> models.QuerySet[Model]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: Model) -> models.QuerySet[User]:
        return people_taking_part(self.taking_part(obj))


def decide_by_audience(user: Any, audience: Audience) -> Decision:
    """The decision of an audience about a person, with the token that made it."""
    standing = standing_of(user)
    match = audience.rule.match(standing.token_set, standing.level)
    return Decision(bool(match), _("The audience decides."), audience, match)


def decide_by_taking_part(user: Any, taking: TakingPart) -> Decision:
    """Whether somebody takes part, and why."""
    standing = standing_of(user)
    token = taking.match(standing.token_set, standing.level)
    return Decision(True, taking.reason_of(token), token=token) if token else Decision(False, _("Only those who take part in it see it."))


def people_taking_part(taking: TakingPart) -> models.QuerySet[User]:
    """The active people who hold one of the tokens today and the level."""
    return people_holding(taking.tokens, taking.level)
