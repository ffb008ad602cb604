"""The picker's questions, groups, capabilities, and why someone can or cannot see a thing."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from portal.access.capabilities import EXPLAIN_ACCESS, KEEP_GROUPS
from portal.access.choices import find_choices
from portal.access.decorators import administrator_required, capability_required, employee_required
from portal.access.forms import CapabilityForm, GroupForm, ViewAsForm, asked_rule
from portal.access.models import AudienceGroup, CapabilityGrant
from portal.access.policies import decide, get_permitted, policy_for
from portal.access.registry import all_capabilities
from portal.access.rules import AudienceRule
from portal.access.services import AudienceError, delete_group, grant_capability, save_group
from portal.access.standings import count_matching, people_matching
from portal.access.view_as import end_view_as, start_view_as
from portal.access.visibility import reaches_customers
from portal.access.words import describe_rule, describe_rules, explain
from portal.accounts.models import User
from portal.foundation.returning import back_to
from portal.organization.places import find_people, posts_of

PEOPLE_PER_PAGE = 50
GROUPS_PER_PAGE = 50
NOBODY = AudienceRule.of([])


@require_GET
@employee_required
def audience_choices(request: HttpRequest) -> HttpResponse:
    """The picker's suggestions for `q`, as options of a list box."""
    text = request.GET.get("q", "")[:60]
    return render(request, "access/_choices.html", {"choices": find_choices(text), "text": text})


@require_GET
@employee_required
def audience_reach(request: HttpRequest) -> HttpResponse:
    """How many people the picker's present value reaches."""
    rule, error = asked_rule(request.GET)
    return render(
        request,
        "access/_reach.html",
        {
            "count": people_matching(rule).count() if rule else 0,
            "customers": rule is not None and reaches_customers(rule),
            "error": error,
            "query": request.GET.urlencode(),
        },
    )


@require_GET
@employee_required
def audience_people(request: HttpRequest) -> HttpResponse:
    """Who the picker's present value reaches, by pinyin."""
    rule, error = asked_rule(request.GET)
    people = people_matching(rule or NOBODY).order_by("name_pinyin", "name", "pk")
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    template = "access/_audience_people.html" if request.headers.get("HX-Request") else "access/audience_people.html"
    return render(request, template, {"page": page, "rule": describe_rule(rule) if rule else "", "error": error, "query": query.urlencode()})


@require_GET
@capability_required(EXPLAIN_ACCESS)
def why(request: HttpRequest, model: str, pk: str) -> HttpResponse:
    """Can this person do this to that, and which rule decides? About any thing, of which nothing is shown but its title and its rule."""
    obj = _object(model, pk)
    policy = policy_for(type(obj))
    action = request.GET.get("action", "view")
    if action not in policy.actions:
        raise Http404
    text = request.GET.get("person", "").strip()
    people = find_people(text, among=User.objects.order_by("-is_active", "name_pinyin"), most=20) if text else []
    exact = [person for person in people if text.lower() in (person.employee_number, person.name)]
    person = exact[0] if len(exact) == 1 else people[0] if len(people) == 1 else None
    posts = posts_of(people) if person is None else {}
    explanation = explain(person, str(policy.actions[action]), obj, decide(person, action, obj)) if person else None
    context = {
        "title": policy.title(obj),
        "text": text,
        "people": [(one, posts.get(one.pk, "")) for one in people] if person is None else [],
        "person": person,
        "action": action,
        "actions": policy.actions.items(),
        "explanation": explanation,
        "was_asked": bool(text),
    }
    return render(request, "access/why.html", context)


@require_GET
@employee_required
def group_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(AudienceGroup.objects.select_related("audience", "owner"), GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    rules = [group.audience.rule for group in page]
    rows = [{"group": group, "rule": words, "count": count} for group, words, count in zip(page, describe_rules(rules), count_matching(rules), strict=True)]
    return render(request, "access/group_list.html", {"rows": rows, "page": page})


@method_decorator([login_required, capability_required(KEEP_GROUPS)], name="dispatch")
class GroupEditing(View):
    """Creating a group, or changing one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        return self._page(request, GroupForm(instance=self._group(request, pk)))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        form = GroupForm(request.POST, instance=self._group(request, pk))
        if not form.is_valid():
            return self._page(request, form, status=422)
        if form.instance.pk is None:
            form.instance.owner = request.user
        try:
            group = save_group(form.instance, rule=form.cleaned_data["rule"], actor=request.user)
        except AudienceError as error:
            form.add_error("rule", str(error))
            return self._page(request, form, status=422)
        messages.success(request, _("The group “%(group)s” is saved.") % {"group": group.name})
        return redirect("access:group_list")

    def _group(self, request: HttpRequest, pk: int | None) -> AudienceGroup:
        return AudienceGroup() if pk is None else get_permitted(AudienceGroup, user=request.user, action="change", pk=pk)

    def _page(self, request: HttpRequest, form: GroupForm, status: int = 200) -> HttpResponse:
        return render(request, "access/group_form.html", {"form": form, "group": form.instance}, status=status)


@require_POST
@capability_required(KEEP_GROUPS)
def group_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_permitted(AudienceGroup, user=request.user, action="change", pk=pk)
    try:
        delete_group(group, actor=request.user)
    except AudienceError as error:
        messages.error(request, str(error))
        return redirect("access:group_update", pk=pk)
    messages.success(request, _("The group “%(group)s” is deleted.") % {"group": group.name})
    return redirect("access:group_list")


@require_GET
@administrator_required
def capability_list(request: HttpRequest) -> HttpResponse:
    granted = {grant.capability: grant.audience.rule for grant in CapabilityGrant.objects.select_related("audience")}
    rows = [
        {"capability": capability, "rule": describe_rule(granted[capability.code]) if granted.get(capability.code, NOBODY).include else ""}
        for capability in all_capabilities()
    ]
    return render(request, "access/capability_list.html", {"rows": rows})


@method_decorator(administrator_required, name="dispatch")
class CapabilityGranting(View):
    """Saying who holds a capability."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        grant = CapabilityGrant.objects.filter(capability=code).select_related("audience").first()
        initial = {"rule": grant.audience.rule if grant else None}
        return self._page(request, code, CapabilityForm(initial=initial, capability=self._capability(code)))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        capability = self._capability(code)
        form = CapabilityForm(request.POST, capability=capability)
        if not form.is_valid():
            return self._page(request, code, form, status=422)
        grant_capability(code, rule=form.cleaned_data["rule"] or NOBODY, actor=request.user)
        messages.success(request, _("Saved: %(capability)s.") % {"capability": capability.label})
        return redirect("access:capability_list")

    def _capability(self, code: str) -> Any:
        capability = next((known for known in all_capabilities() if known.code == code), None)
        if capability is None:
            raise Http404
        return capability

    def _page(self, request: HttpRequest, code: str, form: CapabilityForm, status: int = 200) -> HttpResponse:
        return render(request, "access/capability_form.html", {"form": form, "capability": self._capability(code)}, status=status)


@method_decorator(administrator_required, name="dispatch")
class ViewAsStart(View):
    """Choosing as whom to view the site, with a reason."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "access/view_as.html", {"form": ViewAsForm(initial={"person": request.GET.get("person", "")})})

    def post(self, request: Any) -> HttpResponse:
        form = ViewAsForm(request.POST)
        if form.is_valid():
            person = User.objects.filter(employee_number=form.cleaned_data["person"].strip().lower()).first()
            if person is None:
                form.add_error("person", _("Nobody has this employee number."))
            else:
                try:
                    start_view_as(request, person=person, actor=request.user, reason=form.cleaned_data["reason"])
                    return redirect("home:home")
                except PermissionDenied as error:
                    form.add_error("person", str(error))
        return render(request, "access/view_as.html", {"form": form}, status=422)


@require_POST
@administrator_required
def view_as_end(request: Any) -> HttpResponse:
    end_view_as(request, actor=request.user)
    return back_to(request, request.POST.get("next", ""), otherwise=reverse("home:home"))


def _object(model: str, pk: str) -> Any:
    """A thing that has a policy under which it may be asked, whoever may see it."""
    try:
        model_class = apps.get_model(model)
        if not policy_for(model_class).may_be_asked:
            raise Http404
        key = model_class._meta.pk.to_python(pk)
    except (LookupError, ValueError, ValidationError) as error:
        raise Http404 from error
    return get_object_or_404(model_class._default_manager, pk=key)
