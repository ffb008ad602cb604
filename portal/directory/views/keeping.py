"""Keeping people and their posts: for those who hold `organization.manage`."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.access.decorators import capability_required, employee_required
from portal.access.policies import get_permitted
from portal.accounts.models import User
from portal.accounts.services import remove_second_factors, set_first_password
from portal.directory.forms import DayForm, DeputyForm, DismissalForm, EnrolmentForm, NameForm, PostForm, SecondPostForm
from portal.directory.views.people import PersonPage
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.organization.models import Deputyship, Employment
from portal.organization.querysets import today
from portal.organization.services.deputyships import appoint_deputy, dismiss_deputy
from portal.organization.services.employments import continue_employment, end_employment, move_person, start_employment, withdraw_employment
from portal.organization.services.people import change_person, dismiss_person, enrol_person, rehire

keepers_only = method_decorator(capability_required(MANAGE_ORGANIZATION), name="dispatch")


@keepers_only
class PersonCreate(FormPage):
    """Taking a new person on."""

    form_class = EnrolmentForm
    heading = gettext_lazy("New person")
    submit = gettext_lazy("Take on")
    is_new_thing = True
    note = gettext_lazy("The account opens nothing before a first password is issued, on the person's card.")

    def back_url(self) -> str:
        return reverse("organization:person_detail", args=[self.subject.pk]) if self.subject else reverse("organization:person_list")

    def crumbs(self) -> list[Crumb]:
        return [(_("Directory"), reverse("organization:person_list"))]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.subject = enrol_person(actor=request.user, **values)
        return _("%(person)s is taken on.") % {"person": self.subject.name}


@keepers_only
class PersonUpdate(PersonPage):
    form_class = NameForm
    heading = gettext_lazy("Correct the name")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        return {"name": self.subject.name, "name_en": self.subject.name_en, "email": self.subject.email}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_person(self.subject, actor=request.user, **values)
        return _("Saved.")


@keepers_only
class PersonMove(PersonPage):
    """Another primary post from a day on."""

    form_class = PostForm
    heading = gettext_lazy("Move")
    submit = gettext_lazy("Move")

    def initial(self) -> dict[str, Any]:
        current = Employment.objects.current().primary().filter(person=self.subject).first()
        return {"department": current.department_id, "position": current.position_id} if current else {}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        employment = move_person(self.subject, department=values["department"], position=values["position"], moves_on=values["starts_on"], actor=request.user)
        words = {"person": self.subject.name, "department": employment.department.label, "day": date_format(employment.starts_on, "Y-m-d")}
        return _("%(person)s moves to %(department)s on %(day)s.") % words


@keepers_only
class PersonReturn(PersonPage):
    """A leaver who comes back."""

    form_class = PostForm
    heading = gettext_lazy("Take on again")
    submit = gettext_lazy("Take on")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        rehire(self.subject, actor=request.user, **values)
        return _("%(person)s is taken on.") % {"person": self.subject.name}


@keepers_only
class PersonDismissal(PersonPage):
    form_class = DismissalForm
    heading = gettext_lazy("Leaves the plant")
    submit = gettext_lazy("Ends all posts")
    note = gettext_lazy("All posts and stand-ins end. What the person wrote remains theirs, and the number is never given again.")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        dismiss_person(self.subject, actor=request.user, **values)
        return _("%(person)s leaves on %(day)s.") % {"person": self.subject.name, "day": date_format(values["leaves_on"], "Y-m-d")}


@keepers_only
class EmploymentCreate(PersonPage):
    """A post besides the primary one."""

    form_class = SecondPostForm
    heading = gettext_lazy("Add a post")
    is_new_thing = True
    submit = gettext_lazy("Add")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        start_employment(self.subject, is_primary=False, actor=request.user, **values)
        return _("The post is added.")


class EmploymentPage(FormPage):
    """A form about one post, back to its holder's card."""

    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> Employment:
        rows = Employment.objects.select_related("person", "department", "position")
        return get_permitted(Employment, user=request.user, action=self.action, rows=rows, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("organization:person_detail", args=[self.subject.person_id])

    def crumbs(self) -> list[Crumb]:
        return [(_("Directory"), reverse("organization:person_list")), (self.subject.person.name, self.back_url())]

    def get_heading(self) -> str:
        return f"{self.heading}: {self.subject.department.label} {self.subject.position.label}"


@keepers_only
class EmploymentEnd(EmploymentPage):
    form_class = DayForm
    heading = gettext_lazy("End the post")
    submit = gettext_lazy("End")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        end_employment(self.subject, last_day=values["day"], actor=request.user)
        return _("The post ends on %(day)s.") % {"day": date_format(values["day"], "Y-m-d")}


@method_decorator(employee_required, name="dispatch")
class DeputyshipCreate(EmploymentPage):
    action = "appoint"
    form_class = DeputyForm
    heading = gettext_lazy("Appoint a deputy")
    submit = gettext_lazy("Appoint")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        deputyship = appoint_deputy(self.subject, actor=request.user, **values)
        return _("%(deputy)s stands in for %(person)s.") % {"deputy": deputyship.deputy.name, "person": self.subject.person.name}


@method_decorator(employee_required, name="dispatch")
class DeputyshipEnd(ActPage):
    """End a deputyship on the spot."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Deputyship:
        rows = Deputyship.objects.select_related("employment__person", "deputy")
        return get_permitted(Deputyship, user=request.user, action="change", rows=rows, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("organization:person_detail", args=[self.subject.employment.person_id])

    def act(self, request: HttpRequest) -> str:
        dismiss_deputy(self.subject, today=today(), actor=request.user)
        return _("%(deputy)s does not stand in any more.") % {"deputy": self.subject.deputy.name}


class EmploymentAct(ActPage):
    """Something done to one post, back to its holder's card."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Employment:
        return get_permitted(Employment, user=request.user, action="change", rows=Employment.objects.select_related("person"), pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("organization:person_detail", args=[self.subject.person_id])


@keepers_only
class EmploymentWithdrawal(EmploymentAct):
    """Take back a post that has not begun."""

    def act(self, request: HttpRequest) -> str:
        withdraw_employment(self.subject, actor=request.user, today=today())
        return _("The post is taken back.")


@keepers_only
class EmploymentContinuation(EmploymentAct):
    """Take back the end of a post."""

    def act(self, request: HttpRequest) -> str:
        continue_employment(self.subject, actor=request.user, today=today())
        return _("The post goes on.")


@require_POST
@never_cache
@sensitive_variables("password")
@capability_required(MANAGE_ORGANIZATION)
def password_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a first password and show it, once."""
    person = get_permitted(User, user=request.user, action="change", pk=pk)
    if not person.is_active:
        messages.error(request, _("The account is not active."))
        return redirect("organization:person_detail", pk=pk)
    password = set_first_password(person, actor=request.user)
    return render(request, "directory/password_issued.html", {"person": person, "password": password})


@require_POST
@capability_required(MANAGE_ORGANIZATION)
def second_factors_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """For someone who lost their phone: the password alone signs in again, until they set up a new one."""
    person = get_permitted(User, user=request.user, action="change", pk=pk)
    if remove_second_factors(person, actor=request.user):
        messages.success(request, _("The second factor of %(person)s is removed.") % {"person": person.name})
    else:
        messages.info(request, _("%(person)s has no second factor.") % {"person": person.name})
    return redirect("organization:person_detail", pk=pk)
