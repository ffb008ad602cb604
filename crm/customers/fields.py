"""Fields of forms about customers, for apps above."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.customers.models import Customer
from crm.customers.of_portfolio import customers_written_by

MOST_NAMED = 5


class CustomerField(forms.CharField):
    """A customer of those whose files the person writes, by number, name or pinyin. Refuses what fits several, and names them."""

    user: Any = None

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off"}
        super().__init__(max_length=120, widget=forms.TextInput(attrs=attrs), help_text=gettext_lazy("Number, name or pinyin."), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.name} {value.code}" if isinstance(value, Customer) else value

    def clean(self, value: Any) -> Any:
        words = super().clean(value).lower().split()
        if not words:
            return None
        rows = customers_written_by(self.user).select_related("portfolio")
        exact = rows.filter(Q(code__in=[word.upper() for word in words]) | Q(code__in=words)).first()
        if exact is not None:
            return exact
        for word in words[:6]:
            rows = rows.filter(found_by__contains=word)
        found = list(rows[: MOST_NAMED + 1])
        if not found:
            raise ValidationError(_("No customer of yours fits. Take them up in the file of customers first."))
        if len(found) > 1:
            names = "、".join(f"{one.name} {one.code}" for one in found[:MOST_NAMED])
            raise ValidationError(_("Several customers fit: %(names)s. Write the number.") % {"names": names})
        return found[0]


class NamesField(forms.CharField):
    """Several names with 、 or commas between."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [part.strip() for part in re.split(r"[、,，;；\n]", super().clean(value)) if part.strip()]
