"""The directory: finding people, their cards, and keeping one's own."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.access.words import level_name
from portal.accounts.models import User
from portal.directory.finding import PeopleFound, rows_of
from portal.directory.forms import AbsenceForm, CardForm
from portal.directory.people import asked_department, deputies_on, first_department_options, place_label, trail_of
from portal.directory.photos import photo_url
from portal.directory.policies import keeps_roster
from portal.foundation.asking import read_words
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.pages import SlidingPaginator
from portal.organization.models import Absence, Deputyship, DutyHolding, Employment, Profile
from portal.organization.places import find_people
from portal.organization.querysets import today
from portal.organization.services.absences import record_absence, withdraw_absence
from portal.organization.services.people import update_profile

PEOPLE_PER_PAGE = 20
SUGGESTIONS = 8
LONGEST_QUERY = 80
ABSENCES_AHEAD = timedelta(days=60)


@require_GET
@employee_required
def person_list(request: HttpRequest) -> HttpResponse:
    """The directory. `q`, `department`, `heads` and (for the roster's keepers) `left` stand in the address."""
    words = read_words(request.GET)
    department = asked_department(request.GET.get("department", ""))
    is_keeper = keeps_roster(request.user)
    left = is_keeper and "left" in request.GET
    heads_only = "heads" in request.GET
    found = PeopleFound(words, department=department, heads_only=heads_only, left=left)
    page = SlidingPaginator(found, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": page.object_list,
        "words": words,
        "department": department,
        "departments": first_department_options(department),
        "heads_only": heads_only,
        "left": left,
        "is_keeper": is_keeper,
    }
    template = "directory/_people.html" if request.headers.get("HX-Target") == "people" else "directory/person_list.html"
    return render(request, template, context)


@require_GET
@employee_required
def person_suggestions(request: HttpRequest) -> HttpResponse:
    """Options for a field that asks for a person; the field's own name is the query's only key."""
    words = str(next(iter(request.GET.values()), "")).replace("\x00", "")[:LONGEST_QUERY].strip()
    rows = list(PeopleFound(words)[:SUGGESTIONS]) if words else []
    if words and not rows:
        rows = rows_of(person.pk for person in find_people(words, among=User.objects.employees().active(), most=SUGGESTIONS))
    return render(request, "directory/_suggestions.html", {"rows": rows})


@require_GET
@employee_required
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's card. Past and future posts are for themselves and the roster's keepers."""
    person = get_permitted(User, user=request.user, pk=pk)
    day = today()
    may_edit, may_change = can(request.user, "edit", person), can(request.user, "change", person)
    employments = list(
        Employment.objects.filter(person=person).select_related("department__parent", "position", "person").order_by("-is_primary", "-starts_on")
    )
    current = [employment for employment in employments if employment.holds_on(day)]
    deputies = deputies_on(day, current)
    card = Profile.objects.filter(person=person).first() or Profile(person=person)
    context = {
        "person": person,
        "card": card,
        "photo": photo_url(person.pk, card.photo.name or ""),
        "is_self": person.pk == request.user.pk,
        "may_edit": may_edit,
        "may_change": may_change,
        "posts": [
            {"employment": employment, "place": place_label(employment.department), "deputies": deputies.get(employment.pk, [])} for employment in current
        ],
        "planned": [employment for employment in employments if employment.starts_on > day] if may_edit else [],
        "past": sorted((one for one in employments if one.ends_on and one.ends_on < day), key=lambda one: one.starts_on, reverse=True) if may_edit else [],
        "duties": DutyHolding.objects.on(day).filter(person=person).select_related("duty"),
        "standing_in": Deputyship.objects.on(day)
        .filter(deputy=person, employment__in=Employment.objects.on(day))
        .select_related("employment__person", "employment__department__parent", "employment__position"),
        "later_deputies": Deputyship.objects.upcoming().filter(employment__person=person).select_related("deputy") if may_edit else [],
        "absences": Absence.objects.filter(person=person, ends_on__gte=day, starts_on__lte=day + ABSENCES_AHEAD),
        "today": day,
        "level": level_name(max((employment.position.clearance for employment in current), default=0)) if may_edit and current else "",
        "trail": trail_of(current[0].department) if current else [],
    }
    return render(request, "directory/person_detail.html", context)


class PersonPage(FormPage):
    """A form about one person, back to the card."""

    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> User:
        return get_permitted(User, user=request.user, action=self.action, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("organization:person_detail", args=[self.subject.pk])

    def crumbs(self) -> list[Crumb]:
        return [(_("Directory"), reverse("organization:person_list")), (self.subject.name, self.back_url())]


@method_decorator(employee_required, name="dispatch")
class CardUpdate(PersonPage):
    """A person's own card."""

    action = "edit"
    form_class = CardForm
    heading = gettext_lazy("Card")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        card = Profile.objects.filter(person=self.subject).first() or Profile()
        return {"mobile": card.mobile, "phone": card.phone, "room": card.room, "about": card.about}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        update_profile(self.subject, actor=request.user, **values)
        return _("The card is saved.")


@method_decorator(employee_required, name="dispatch")
class AbsenceCreate(PersonPage):
    action = "edit"
    form_class = AbsenceForm
    heading = gettext_lazy("Be away")
    is_new_thing = True
    submit = gettext_lazy("Save")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        record_absence(self.subject, actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class AbsenceWithdrawal(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Absence:
        return get_permitted(Absence, user=request.user, action="change", rows=Absence.objects.select_related("person"), pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("organization:person_detail", args=[self.subject.person_id])

    def act(self, request: HttpRequest) -> str:
        withdraw_absence(self.subject, actor=request.user)
        return _("The absence is taken back.")
