"""What those in charge do to policies, and the leader in charge: writing, comparing before publication, taking back, repealing, granting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from knowledge.clauses import recognise
from knowledge.comparison import clauses_of, compare_draft
from knowledge.forms.policies import AnswerForm, GrantForm, PolicyForm, PolicyReviewForm, RepealForm, RequestForm, ShelfForm, VersionWithdrawalForm
from knowledge.models import Policy, PolicyGrant, PolicyRequest, PolicyReview, PolicyShelf, PolicyVersion
from knowledge.services.grants import answer_request, ask_to_read, end_grant, grant_reading
from knowledge.services.policies import create_policy, last_version, repeal_policy, set_pair, shelf_of, withdraw_version
from knowledge.services.policy_reviews import review_policy
from knowledge.services.shelves import keep_shelf, writing_departments
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.access.rules import EVERYONE, AudienceRule
from portal.access.standings import standing_of
from portal.foundation.asking import number_of, read_number
from portal.foundation.form_pages import ActPage, FormPage
from portal.organization.models import Department
from portal.organization.places import placed
from portal.pages.deciding import draft_context
from portal.pages.desk import Desk, publish_and_say

RELATED = ("department", "audience", "leader", "interpreting_department")
WRITTEN = (*RELATED, "latest_revision__user", "live_revision")


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def policy_create(request: HttpRequest) -> HttpResponse:
    """A new policy of one of my departments. The first save makes the draft."""
    own = writing_departments(request.user)
    if not own:
        raise PermissionDenied(_("Policies are written by the head of the department in charge, and by those who hold the duty."))
    asked = read_number(request.GET, "department")
    if not asked and len(own) > 1:
        departments = Department.objects.filter(pk__in=own).in_tree_order()
        return render(request, "knowledge/department_choice.html", {"departments": placed(departments)}, status=200 if request.method != "POST" else 422)
    department = Department.objects.filter(pk=asked or own[0], pk__in=own).first()
    if department is None:
        raise Http404
    # The first policy makes the department's shelf; whoever only looks makes nothing.
    shelf = shelf_of(department) if request.method == "POST" else PolicyShelf(department=department)
    begun = {
        "audience": AudienceRule.of([EVERYONE]),
        "interpreting_department": department,
        "is_listed": True,
        "review_months": 36,
    }
    return DESK.serve(request, place=shelf, initial=begun)


@require_GET
@employee_required
def policy_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved last as readers will see it, with the comparison table, whose pairs can be set right here."""
    policy = get_permitted(Policy, user=request.user, action="change", rows=Policy.objects.select_related(*WRITTEN), pk=pk)
    context = draft_context(policy, request.user)
    draft, last = context["draft"], last_version(policy)
    comparison = compare_draft(last, draft.body, draft.pairs) if last is not None else None
    context |= {
        "policy": draft,
        "clauses": [{"row": clause, "line": None} for clause in recognise(draft.body)],
        "last": last,
        "comparison": comparison,
        "earlier": clauses_of(last) if last is not None else [],
    }
    return render(request, "knowledge/policy_preview.html", context)


class _OfPolicy(FormPage):
    action = "publish"
    subject: Policy

    def load(self, request: HttpRequest, **kwargs: Any) -> Policy:
        return get_permitted(Policy, user=request.user, action=self.action, rows=Policy.objects.select_related(*RELATED), pk=kwargs["pk"])

    def back_url(self) -> str:
        return self.subject.get_absolute_url()

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Policies"), reverse("knowledge:policy_list")), (self.subject.title, self.subject.get_absolute_url())]


@method_decorator(employee_required, name="dispatch")
class PolicyRepealing(_OfPolicy):
    form_class = RepealForm
    heading = gettext_lazy("Repeal the policy")
    submit = gettext_lazy("Repeal")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        repeal_policy(self.subject, effective_on=values["effective_on"], reason=values["reason"], actor=request.user)
        return _("It is in force no longer from %(day)s.") % {"day": values["effective_on"]}


@method_decorator(employee_required, name="dispatch")
class PolicyReviewing(_OfPolicy):
    """Keep it, revise it or repeal it; what follows is done on the page that it leads to."""

    action = "review"
    form_class = PolicyReviewForm
    template_name = "knowledge/policy_review.html"
    heading = gettext_lazy("Review the policy")
    submit = gettext_lazy("Put on record")

    def initial(self) -> dict[str, Any]:
        return {"version": self.subject.version_number}

    def more_context(self) -> dict[str, Any]:
        reviews = PolicyReview.objects.filter(policy=self.subject).select_related("person")
        return {"policy": self.subject, "reviews": reviews[:10], "today": timezone.localdate()}

    def back_url(self) -> str:
        outcome = self.request.POST.get("outcome")
        if outcome == PolicyReview.Outcome.REVISE:
            return self.subject.writing_url
        return reverse("knowledge:policy_repeal", args=[self.subject.pk]) if outcome == PolicyReview.Outcome.REPEAL else self.subject.get_absolute_url()

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        done = review_policy(self.subject, actor=request.user, outcome=values["outcome"], version_number=values["version"], note=values["note"])
        return _("On record. The next review is due on %(day)s.") % {"day": done.next_due_on}


@method_decorator(employee_required, name="dispatch")
class VersionWithdrawal(_OfPolicy):
    """Take a version back before it takes effect."""

    form_class = VersionWithdrawalForm
    heading = gettext_lazy("Take the version back")
    submit = gettext_lazy("Take back")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        version = PolicyVersion.objects.filter(policy=self.subject, number=self.kwargs["number"]).select_related("policy").first()
        if version is None:
            raise Http404
        withdraw_version(version, reason=values["reason"], actor=request.user)
        return _("It is taken back; what was in force stays so.")


@method_decorator(employee_required, name="dispatch")
class PairSetting(ActPage):
    """Which earlier article a new one was."""

    subject: Policy

    def load(self, request: HttpRequest, **kwargs: Any) -> Policy:
        return get_permitted(Policy, user=request.user, action="change", pk=kwargs["pk"])

    def back_url(self) -> str:
        return f"{self.subject.preview_url}#comparison"

    def act(self, request: HttpRequest) -> str:
        key = number_of(request.POST.get("key"))
        set_pair(self.subject, digest=request.POST.get("digest", "")[:16], key=key or None, actor=request.user)
        return _("The table is drawn anew.")


@method_decorator(employee_required, name="dispatch")
class PolicyGrants(_OfPolicy):
    """Who may read it by a grant, and who asks; for the leader in charge."""

    action = "grant"
    form_class = GrantForm
    template_name = "knowledge/policy_grants.html"
    heading = gettext_lazy("Who may read it besides")
    submit = gettext_lazy("Grant")

    def back_url(self) -> str:
        return self.subject.grants_url

    def more_context(self) -> dict[str, Any]:
        rows = PolicyGrant.objects.filter(policy=self.subject).select_related("person", "position", "department", "given_by")
        asked = PolicyRequest.objects.filter(policy=self.subject, state=PolicyRequest.State.OPEN).select_related("person")
        return {"policy": self.subject, "rows": rows[:100], "requests": asked, "answer_form": AnswerForm()}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        grant = grant_reading(self.subject, actor=request.user, **values)
        return _("%(holder)s may read it until %(day)s.") % {"holder": grant.holder_label, "day": grant.ends_on}


@method_decorator(employee_required, name="dispatch")
class GrantEnd(ActPage):
    subject: PolicyGrant

    def load(self, request: HttpRequest, **kwargs: Any) -> PolicyGrant:
        grant = PolicyGrant.objects.filter(pk=kwargs["pk"]).first()
        get_permitted(Policy, user=request.user, action="grant", pk=grant.policy_id if grant is not None else 0)
        assert grant is not None
        return grant

    def back_url(self) -> str:
        return self.subject.policy.grants_url

    def act(self, request: HttpRequest) -> str:
        end_grant(self.subject, actor=request.user)
        return _("The grant has ended.")


@method_decorator(employee_required, name="dispatch")
class RequestAnswer(ActPage):
    subject: PolicyRequest

    def load(self, request: HttpRequest, **kwargs: Any) -> PolicyRequest:
        found = PolicyRequest.objects.filter(pk=kwargs["pk"]).first()
        get_permitted(Policy, user=request.user, action="grant", pk=found.policy_id if found is not None else 0)
        assert found is not None
        return found

    def back_url(self) -> str:
        return self.subject.policy.grants_url

    def act(self, request: HttpRequest) -> str:
        form = AnswerForm(request.POST)
        form.is_valid()
        is_granted = request.POST.get("action") == "grant"
        answer_request(
            self.subject, actor=request.user, ends_on=form.cleaned_data.get("ends_on") if is_granted else None, answer=form.cleaned_data.get("answer", "")
        )
        return _("Granted; whoever asked has been told.") if is_granted else _("Declined; whoever asked reads why.")


@method_decorator(employee_required, name="dispatch")
class RequestCreate(FormPage):
    """Ask the leader in charge to be let read what stands in the register."""

    form_class = RequestForm
    heading = gettext_lazy("Ask to read")
    submit = gettext_lazy("Ask the leader in charge")
    subject: Policy

    def load(self, request: HttpRequest, **kwargs: Any) -> Policy:
        found = Policy.objects.filter(pk=kwargs["pk"], is_shown=True, is_listed=True).first()
        if found is None:
            raise Http404
        return found

    def back_url(self) -> str:
        return self.subject.get_absolute_url()

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Policies"), reverse("knowledge:policy_list"))]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        ask_to_read(self.subject, actor=request.user, reason=values["reason"])
        return _("The leader in charge has been asked.")


@method_decorator(employee_required, name="dispatch")
class ShelfUpdate(FormPage):
    """How a department's policies are numbered, and who writes them."""

    form_class = ShelfForm
    heading = gettext_lazy("How the department's policies are kept")
    submit = gettext_lazy("Save")
    subject: PolicyShelf

    def load(self, request: HttpRequest, **kwargs: Any) -> PolicyShelf:
        department = Department.objects.filter(pk=kwargs["department_id"]).first()
        if department is None:
            raise Http404
        if department.pk not in standing_of(request.user).headed_department_ids:
            raise PermissionDenied(_("Only the head of the department may do this."))
        return PolicyShelf.objects.filter(department=department).first() or PolicyShelf(department=department)

    def initial(self) -> dict[str, Any]:
        return {"prefix": self.subject.prefix, "writers": self.subject.writers}

    def back_url(self) -> str:
        return reverse("knowledge:policy_list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Policies"), reverse("knowledge:policy_list"))]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        keep_shelf(shelf_of(self.subject.department), actor=request.user, **values)
        return _("Saved.")


def _published(policy: Policy) -> str:
    version = policy.versions.get(number=policy.version_number)
    reach = ngettext("Published for %(number)s person.", "Published for %(number)s people.", version.reach) % {"number": f"{version.reach:,}"}
    return f"{policy.number} · {reach}"


def _publish(policy: Policy, actor: Any) -> str:
    return publish_and_say(policy, actor, first=_published)


def _context(request: HttpRequest, policy: Policy | None, place: PolicyShelf | None) -> dict[str, Any]:
    department = place.department if place is not None else policy.department if policy is not None else None
    is_new = policy is None or not policy.version_number
    return {"heading": _("Write a policy") if is_new else _("New version of a policy"), "department": department}


DESK = Desk(
    model=Policy,
    form=PolicyForm,
    template="knowledge/policy_form.html",
    address="knowledge:policy",
    home="knowledge:policy_list",
    begin=create_policy,
    publish=_publish,
    context=_context,
)
