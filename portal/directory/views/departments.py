"""The tree of departments: pages, the chart, and keeping it."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.accounts.models import User
from portal.directory.finding import rows_of
from portal.directory.forms import DayForm, DepartmentForm
from portal.directory.people import deputies_on, head_counts, head_names, heads_on, trail_of
from portal.directory.templatetags.directory import branch_html, whole_tree_html
from portal.directory.tree import open_node, read_tree, roots_of
from portal.directory.views.keeping import keepers_only
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.organization.models import Department, Employment
from portal.organization.querysets import today
from portal.organization.services.departments import change_department, close_department, open_department, reopen_department

PEOPLE_PER_PAGE = 25


@require_GET
@employee_required
def department_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A department as it is, or was on the day that `on` asks for: who headed it, who stood in, who belonged to it."""
    department = get_permitted(Department, user=request.user, rows=Department.objects.select_related("parent"), pk=pk)
    day = _asked_day(request)
    heads = heads_on(day, [department.pk])[department.pk]
    deputies = deputies_on(day, heads)
    children = list(department.children.filter(closed_on__isnull=True) if day == today() else department.children.all())
    counts = head_counts(day, department)
    held = Employment.objects.on(day).filter(department=department)
    people = User.objects.filter(pk__in=held.values("person")).order_by("name_pinyin", "name", "pk").values_list("pk", flat=True)
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "department": department,
        "trail": trail_of(department),
        "day": day,
        "is_today": day == today(),
        "heads": [{"employment": head, "deputies": deputies.get(head.pk, [])} for head in heads],
        "children": _nodes(children, day, counts),
        "page": page,
        "rows": rows_of(page.object_list, day=day),
        "count": counts.get(department.pk, 0),
        "may_change": can(request.user, "change", department),
    }
    return render(request, "directory/department_detail.html", context)


@require_GET
@employee_required
def chart(request: HttpRequest) -> HttpResponse:
    """The tree, opened down to the department `open`; the rest is fetched when it is opened."""
    day = today()
    nodes = read_tree(day)
    roots = roots_of(nodes)
    wanted = next((node for node in nodes.values() if str(node.pk) == request.GET.get("open")), None)
    opened = {root.pk for root in roots} | ({wanted.pk, *wanted.ancestor_ids} & nodes.keys() if wanted else set())
    for pk in opened:
        open_node(nodes[pk], day)
    return render(request, "directory/chart.html", {"nodes": roots, "count": sum(root.count for root in roots)})


@require_GET
@employee_required
def chart_branch(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands below one department in the chart."""
    department = get_permitted(Department, user=request.user, pk=pk)
    day = today()
    node = read_tree(day).get(department.pk)
    if node is None:
        raise Http404
    open_node(node, day)
    return HttpResponse(branch_html(node))


@require_GET
@employee_required
def department_list(request: HttpRequest) -> HttpResponse:
    """The whole tree, on the screen and on paper: every department with its head and its number of people."""
    day = today()
    return render(request, "directory/department_list.html", {"rows_html": whole_tree_html(day), "day": day})


@keepers_only
class DepartmentCreate(FormPage):
    form_class = DepartmentForm
    heading = gettext_lazy("New department")
    submit = gettext_lazy("Open the department")
    is_new_thing = True

    def initial(self) -> dict[str, Any]:
        return {"parent": self.request.GET.get("parent", "")}

    def back_url(self) -> str:
        return reverse("organization:department_detail", args=[self.subject.pk]) if self.subject else reverse("organization:chart")

    def crumbs(self) -> list[Crumb]:
        return [(_("Organization chart"), reverse("organization:chart"))]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.subject = open_department(actor=request.user, **values)
        return _("“%(department)s” is open.") % {"department": self.subject.label}


class DepartmentPage(FormPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Department:
        return get_permitted(Department, user=request.user, action="change", pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("organization:department_detail", args=[self.subject.pk])

    def crumbs(self) -> list[Crumb]:
        return [(_("Organization chart"), reverse("organization:chart")), (self.subject.label, self.back_url())]


@keepers_only
class DepartmentUpdate(DepartmentPage):
    form_class = DepartmentForm
    heading = gettext_lazy("Change the department")
    submit = gettext_lazy("Save")

    def form_arguments(self) -> dict[str, Any]:
        return {"is_root": self.subject.parent_id is None}

    def initial(self) -> dict[str, Any]:
        names = ("name", "name_en", "code", "kind", "phone", "order")
        return {name: getattr(self.subject, name) for name in names} | {"parent": self.subject.parent_id}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_department(self.subject, actor=request.user, **values)
        return _("Saved.")


@keepers_only
class DepartmentClosure(DepartmentPage):
    form_class = DayForm
    heading = gettext_lazy("Close the department")
    submit = gettext_lazy("Close the department")
    note = gettext_lazy("What it was and who belonged to it remains. Everyone must have moved before.")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        close_department(self.subject, closed_on=values["day"], actor=request.user)
        return _("“%(department)s” is closed.") % {"department": self.subject.label}


@keepers_only
class DepartmentReopening(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Department:
        return get_permitted(Department, user=request.user, action="change", pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("organization:department_detail", args=[self.subject.pk])

    def act(self, request: HttpRequest) -> str:
        reopen_department(self.subject, actor=request.user)
        return _("“%(department)s” is open.") % {"department": self.subject.label}


def _asked_day(request: HttpRequest) -> date:
    try:
        return parse_date(request.GET.get("on", "")) or today()
    except ValueError:
        return today()


def _nodes(departments: list[Department], day: date, counts: dict[int, int]) -> list[dict[str, Any]]:
    heads = head_names(day, [department.pk for department in departments]) if departments else {}
    return [{"department": one, "heads": heads.get(one.pk, []), "count": counts.get(one.pk, 0)} for one in departments]
