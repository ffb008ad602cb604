"""The register of policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from django import forms
from django.db.models import DateField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from knowledge.force import state_on, versions_known
from knowledge.lists import DEPARTMENT
from knowledge.models import Policy
from knowledge.policies import PolicyPolicy
from knowledge.services.policy_reviews import BEFORE
from portal.access.visibility import audience_ids_of
from portal.foundation.moments import DayField
from portal.lists.columns import Column
from portal.lists.definition import List, around_key, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Duty

STATES = (("in_force", gettext_lazy("in force")), ("not_yet", gettext_lazy("not yet in force")), ("repealed", gettext_lazy("repealed")))
REVIEWS = (("overdue", gettext_lazy("review overdue")), ("due", gettext_lazy("to be reviewed soon")))
ON = "on"
ON_REQUEST = ' <span class="tag">%s</span>'  # a text within an f-string is not collected
TONES = {"in_force": "good", "not_yet": "notice", "repealed": ""}


def review_within(code: str) -> Q:
    """Those whose next review is overdue, or comes within a month; of what is repealed nothing is reviewed."""
    today = timezone.localdate()
    lasting = Q(repealed_on__isnull=True)
    return lasting & (Q(review_due_on__lt=today) if code == "overdue" else Q(review_due_on__gte=today, review_due_on__lte=today + BEFORE))


def in_state(code: str, day: date | None = None) -> Q:
    """Those in a state on a day."""
    day = day or timezone.localdate()
    repealed = Q(repealed_on__isnull=False, repealed_on__lte=day)
    if code == "repealed":
        return repealed
    begun = Q(in_force_from__isnull=False, in_force_from__lte=day)
    return (begun if code == "in_force" else ~begun) & ~repealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFilter(ChoiceFilter):
    """The state, today or on the day `on`. With a day alone, what was in force then; each row then says which version that was."""

    @property
    def keys(self) -> tuple[str, ...]:
        return self.key, ON

    def fields(self) -> dict[str, forms.Field]:
        return super(StateFilter, self).fields() | {ON: DayField(label=_("As of"), required=False)}

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        day, code = values.get(ON), values.get(self.key) or ("in_force" if values.get(ON) else "")
        return in_state(code, day) if code else None

    def narrow(self, rows: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        rows = super(StateFilter, self).narrow(rows, values)
        day = values.get(ON)
        return rows if day is None else rows.annotate(as_of=Value(day, DateField()), then=_standing(day))

    def said(self, values: Mapping[str, Any]) -> str:
        code = super(StateFilter, self).said(values)
        day = values.get(ON)
        if day is None:
            return code
        return _("%(state)s on %(day)s") % {"state": code or dict(STATES)["in_force"], "day": day.isoformat()}


def _standing(day: date) -> Subquery:
    """Number, day and title of the version that is in force on a day."""
    known = versions_known().filter(policy=OuterRef("pk"), effective_on__lte=day).order_by("-effective_on", "-number")
    return Subquery(known.values(said=JSONObject(number="number", effective_on="effective_on", title="title"))[:1])


def _now() -> dict[str, Any]:
    return {"now": _standing(timezone.localdate())}


def _version(policy: Any) -> int | None:
    """The one that is in force on the day that is asked about; of what is not yet in force the one that is to come."""
    standing = policy.then if hasattr(policy, "as_of") else policy.now or {"number": policy.version_number}
    return standing["number"] if standing else None


def _effective(policy: Any) -> date | None:
    standing = policy.then if hasattr(policy, "as_of") else policy.now
    if standing:
        return date.fromisoformat(standing["effective_on"])
    return None if hasattr(policy, "as_of") else policy.effective_on


def _state(policy: Policy) -> tuple[Any, str]:
    code = state_on(policy, getattr(policy, "as_of", None) or timezone.localdate())
    return dict(STATES)[code], TONES[code]


def _title_words(policy: Any) -> str:
    """That of the version in force for who does not read the one to come."""
    standing = getattr(policy, "then", None) or policy.now
    return str(policy.title if policy.reads_last or standing is None else standing["title"])


def _title(policy: Policy) -> str:
    closed = "" if policy.may_read else ON_REQUEST % escape(_("on request"))  # type: ignore[attr-defined]
    day = getattr(policy, "as_of", None)
    before, after = around_key("knowledge:policy_detail")
    return f'<a href="{before}{policy.pk}{after}{f"?day={day:%Y-%m-%d}" if day is not None else ""}">{escape(_title_words(policy))}</a>{closed}'


def _number(policy: Policy) -> str:
    return f'<span class="policy-number">{escape(policy.number or "")}</span>'


def _level(policy: Policy) -> str:
    return _("level %(level)s") % {"level": policy.audience.level} if policy.audience is not None and policy.audience.level else ""


def _leaders() -> list[tuple[str, str]]:
    """Of what stands in the register for everyone: a leader of what is hidden would tell of it."""
    listed = Policy.objects.filter(is_shown=True, is_listed=True).values("leader")
    return [(str(duty.pk), duty.label) for duty in Duty.objects.filter(pk__in=listed)]


READ = (
    "title", "number", "kind", "category", "version_number", "effective_on", "in_force_from", "repealed_on", "review_due_on", "published_at",
    "department__name", "department__name_en", "leader__name", "leader__name_en", "audience__level",
)  # fmt: skip


@register_list
class PolicyList(List):
    code = "knowledge.policies"
    url_name = "knowledge:policy_list"
    template_name = "knowledge/policy_list.html"
    heading = gettext_lazy("Policies")
    subtitle = gettext_lazy("What holds in the plant: by number, department, category and state.")
    icon = "shield-check"
    words_in = ("title", "number")
    words_label = gettext_lazy("Words of the title, number of the policy")
    default_sort = "-published_at"
    empty_title = gettext_lazy("No policy fits")
    columns = (
        Column("number", gettext_lazy("Number"), _number, "html", plain=lambda policy: policy.number, order_by=("number",)),
        Column("title", gettext_lazy("Title"), _title, "html", plain=_title_words, annotations=_now),
        Column("kind", gettext_lazy("Kind"), lambda policy: policy.get_kind_display()),
        Column("department", gettext_lazy("In charge"), "department.label", related=("department",)),
        Column("version", gettext_lazy("Version"), _version, kind="number", annotations=_now),
        Column("effective_on", gettext_lazy("In force from"), _effective, kind="day", order_by=("effective_on",), annotations=_now),
        Column("state", gettext_lazy("State"), _state, "tag"),
        Column("level", gettext_lazy("Clearance"), _level, related=("audience",)),
        Column("category", pgettext_lazy("of knowledge", "Category"), lambda policy: policy.get_category_display(), is_shown=False),
        Column("leader", gettext_lazy("Leader in charge"), lambda policy: policy.leader and policy.leader.label, related=("leader",), is_shown=False),
        Column("review_due_on", gettext_lazy("Next review"), kind="day", order_by=("review_due_on",), is_shown=False),
        Column("published_at", gettext_lazy("Published at"), kind="instant", order_by=("published_at",), is_shown=False),
    )
    filters = (
        StateFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=STATES),
        DEPARTMENT,
        ChoiceFilter(key="category", label=pgettext_lazy("of knowledge", "Category"), anything=gettext_lazy("all"), choices=Policy.Category.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=Policy.Kind.choices, is_further=True),
        ChoiceFilter(
            key="level",
            label=gettext_lazy("Clearance"),
            anything=gettext_lazy("all"),
            choices=[(str(level), str(level)) for level in range(1, 5)],
            field="audience__level",
            is_further=True,
        ),
        ChoiceFilter(
            key="leader",
            label=gettext_lazy("Leader in charge"),
            anything=gettext_lazy("all"),
            choices=_leaders,
            field="leader",
            is_further=True,
        ),
        ChoiceFilter(key="review", label=gettext_lazy("Review"), anything=gettext_lazy("all"), choices=REVIEWS, conditions=review_within, is_further=True),
        DayFilter(key="effective", label=gettext_lazy("In force from"), field="effective_on", is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Policy]:
        """What this person may read, and the titles that stand there for everyone."""
        reads, reads_last = PolicyPolicy().rows_read(user), Q(is_listed=True) | Q(audience__any=audience_ids_of(user))
        return Policy.objects.filter(Q(is_listed=True) | reads, is_shown=True).only(*READ).annotate(may_read=reads, reads_last=reads_last)
