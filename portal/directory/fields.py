"""Fields in which a department, a position or a person is chosen; each says the place, so that several of one name are told apart."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.organization.models import Department, Position
from portal.organization.places import find_people, person_label, position_labels, posts_of, read_places


class _Labelled(ModelChoiceIterator):
    """Reads the labels of all choices at once when they are drawn."""

    field: Any

    def __iter__(self) -> Iterator[Any]:
        self.field.labels = self.field.read_labels()
        yield from super().__iter__()


class _OfDepartments:
    """Open departments in the order of the tree, or those of `queryset`, each with its place."""

    iterator: Any = _Labelled

    def __init__(self, **kwargs: Any) -> None:
        self.labels: dict[int, str] = {}
        super().__init__(**{"queryset": Department.objects.open().in_tree_order()} | kwargs)

    def read_labels(self) -> dict[int, str]:
        return read_places().labels

    def label_from_instance(self, obj: Department) -> str:
        return self.labels.get(obj.pk, obj.label)


class DepartmentField(_OfDepartments, forms.ModelChoiceField):
    """One department."""


class DepartmentsField(_OfDepartments, forms.ModelMultipleChoiceField):
    """Several departments."""


class PositionField(forms.ModelChoiceField):
    """Positions; of several of one name each says its code."""

    iterator = _Labelled

    def __init__(self, **kwargs: Any) -> None:
        self.labels: dict[int, str] = {}
        super().__init__(queryset=Position.objects.all(), **kwargs)

    def read_labels(self) -> dict[int, str]:
        return position_labels(Position.objects.all())

    def label_from_instance(self, obj: Position) -> str:
        return self.labels.get(obj.pk, obj.label)


class PersonField(forms.CharField):
    """A person by number, name, or name and place; what was picked from the suggestions reads `李敏 10003`. Refuses a name that fits several."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "list": "person-suggestions",
            "autocomplete": "off",
            "hx-get": reverse_lazy("organization:person_suggestions"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#person-suggestions",
        }
        super().__init__(max_length=100, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> User | None:
        text = super().clean(value).strip()
        if not text:
            return None
        people = User.objects.employees().active()
        last = text.split()[-1].strip("()（）").lower()
        exact = list(people.filter(Q(employee_number=text.lower()) | Q(employee_number=last)))
        found = exact or list(people.filter(name=text)[:6])
        if not found and User.objects.employees().filter(Q(employee_number__in=[text.lower(), last]) | Q(name=text)).exists():
            raise ValidationError(_("“%(text)s” does not work here any more.") % {"text": text})
        found = found or find_people(text, among=people, most=6)
        if not found:
            raise ValidationError(_("Nobody here is called “%(text)s”.") % {"text": text})
        if len(found) > 1:
            posts = posts_of(found)
            who = _(", ").join(person_label(person, posts) for person in found)
            raise ValidationError(_("Several people fit: %(people)s. Add the employee number.") % {"people": who})
        return found[0]
