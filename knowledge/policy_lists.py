"""The register of policies."""

from datetime import date
from html import escape
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from knowledge.force import state_on
from knowledge.lists import DEPARTMENT
from knowledge.models import Policy
from portal.access.policies import visible_to
from portal.access.visibility import audience_ids_of
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Duty

STATES = (("in_force", gettext_lazy("in force")), ("not_yet", gettext_lazy("not yet in force")), ("repealed", gettext_lazy("repealed")))
TONES = {"in_force": "good", "not_yet": "notice", "repealed": ""}


def in_state(code: str, day: date | None = None) -> Q:
    """Those in a state on a day."""
    day = day or timezone.localdate()
    repealed = Q(repealed_on__isnull=False, repealed_on__lte=day)
    if code == "repealed":
        return repealed
    begun = Q(in_force_from__isnull=False, in_force_from__lte=day)
    return (begun if code == "in_force" else ~begun) & ~repealed


def _state(policy: Policy) -> tuple[Any, str]:
    code = state_on(policy, timezone.localdate())
    return dict(STATES)[code], TONES[code]


def _title(policy: Policy) -> str:
    closed = "" if policy.may_read else f' <span class="tag">{escape(_("on request"))}</span>'  # type: ignore[attr-defined]
    return f'<a href="{policy.get_absolute_url()}">{escape(policy.title)}</a>{closed}'


def _number(policy: Policy) -> str:
    return f'<span class="policy-number">{escape(policy.number or "")}</span>'


def _level(policy: Policy) -> str:
    return _("level %(level)s") % {"level": policy.audience.level} if policy.audience is not None and policy.audience.level else ""


def _leaders() -> list[tuple[str, str]]:
    """Of what stands in the register for everyone: a leader of what is hidden would tell of it."""
    listed = Policy.objects.filter(is_shown=True, is_listed=True).values("leader")
    return [(str(duty.pk), duty.label) for duty in Duty.objects.filter(pk__in=listed)]


@register_list
class PolicyList(List):
    code = "knowledge.policies"
    url_name = "knowledge:policy_list"
    template_name = "knowledge/policy_list.html"
    heading = gettext_lazy("Policies")
    subtitle = gettext_lazy("What holds in the plant: by number, department, category and state.")
    icon = "shield-check"
    words_in = ("title", "number")
    words_label = gettext_lazy("Words of the title, number")
    default_sort = "-published_at"
    empty_title = gettext_lazy("No policy fits")
    columns = (
        Column("number", gettext_lazy("Number"), _number, "html", plain=lambda policy: policy.number, order_by=("number",)),
        Column("title", gettext_lazy("Title"), _title, "html", plain=lambda policy: policy.title),
        Column("kind", gettext_lazy("Kind"), lambda policy: policy.get_kind_display()),
        Column("department", gettext_lazy("In charge"), "department.label", related=("department",)),
        Column("version", gettext_lazy("Version"), "version_number", kind="number"),
        Column("effective_on", gettext_lazy("In force from"), kind="day", order_by=("effective_on",)),
        Column("state", gettext_lazy("State"), _state, "tag"),
        Column("level", gettext_lazy("Clearance"), _level, related=("audience",)),
        Column("category", pgettext_lazy("of knowledge", "Category"), lambda policy: policy.get_category_display(), is_shown=False),
        Column("leader", gettext_lazy("Leader in charge"), lambda policy: policy.leader and policy.leader.label, related=("leader",), is_shown=False),
        Column("review_due_on", gettext_lazy("Next review"), kind="day", order_by=("review_due_on",), is_shown=False),
        Column("published_at", gettext_lazy("Published at"), kind="instant", order_by=("published_at",), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=STATES, conditions=in_state),
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
        DayFilter(key="effective", label=gettext_lazy("In force from"), field="effective_on", is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Policy]:
        """What this person may read, and the titles that stand there for everyone."""
        readable = visible_to(Policy, user, Policy.objects.order_by()).values("pk")
        shown = Policy.objects.filter(is_shown=True).filter(Q(is_listed=True) | Q(audience__any=audience_ids_of(user)) | Q(pk__in=readable))
        return shown.defer("body").annotate(may_read=Q(audience__any=audience_ids_of(user)) | Q(pk__in=readable))
