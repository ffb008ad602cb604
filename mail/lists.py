"""Recipients of one's own mass mails as a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mail.models import Placement
from mail.policies import is_viewed_as_another
from mail.reporting import department_today
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, Filter
from portal.organization.models import Employment
from portal.organization.places import open_places, read_places

STATES = {
    "read": Q(read_at__isnull=False),
    "unread": Q(read_at__isnull=True, recalled_at__isnull=True),
    "recalled": Q(recalled_at__isnull=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedFilter(Filter):
    """One thing by its number: a page of it leads here."""

    holds: Callable[[int], Q]

    def fields(self) -> dict[str, forms.Field]:
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        return {self.key: forms.IntegerField(label=str(self.label), required=False, min_value=1, max_value=2**62, widget=widget)}

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        return self.holds(values[self.key]) if values.get(self.key) else None

    def said(self, values: Mapping[str, Any]) -> str:
        return str(values.get(self.key) or "")


def _state(row: Placement) -> tuple[Any, str]:
    if row.recalled_at is not None:
        return _("recalled"), "quiet"
    return (_("read"), "done") if row.read_at is not None else (_("not read yet"), "due")


def _department(row: Any) -> str:
    return read_places().labels.get(row.department, "")


def _works_in(pk: Any) -> Q:
    return Q(mailbox__owner__in=Employment.objects.current().primary().filter(department=pk).values("person"))


@register_list
class RecipientList(List):
    code = "mail.recipients"
    url_name = "mail:mass_recipients"
    heading = gettext_lazy("Recipients of my mass mail")
    icon = "users"
    words_in = ("mailbox__owner__name", "mailbox__owner__employee_number")
    words_label = gettext_lazy("Name or number")
    default_sort = "-sent_at"
    empty_title = gettext_lazy("Nobody fits")
    columns = (
        Column("name", gettext_lazy("Name"), "mailbox.owner.name", order_by=("mailbox__owner__name_pinyin",), related=("mailbox__owner",)),
        Column("number", gettext_lazy("Employee number"), "mailbox.owner.employee_number", related=("mailbox__owner",)),
        Column("department", gettext_lazy("Department"), _department, annotations=lambda: {"department": department_today("mailbox__owner")}),
        Column("state", gettext_lazy("Read or not"), _state, "tag"),
        Column("read_at", gettext_lazy("Read at"), kind="instant", order_by=("read_at",)),
        Column("subject", pgettext_lazy("mail", "Message"), "message.subject", related=("message",)),
        Column("sent_at", gettext_lazy("Sent at"), "message.sent_at", "instant", order_by=("message__sent_at",), related=("message",), is_shown=False),
    )
    filters = (
        ChoiceFilter(
            key="state",
            label=gettext_lazy("Read or not"),
            choices=(("read", gettext_lazy("read")), ("unread", gettext_lazy("not read yet")), ("recalled", gettext_lazy("recalled"))),
            conditions=lambda code: STATES[code],
        ),
        ChoiceFilter(key="department", label=gettext_lazy("Department"), choices=open_places, conditions=_works_in),
        NumberedFilter(key="message", label=gettext_lazy("Number of the message"), holds=lambda pk: Q(message=pk), is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Placement]:
        """To whom one's own mass mails went. Who sent it alone sees that, nobody in their place."""
        rows = Placement.objects.filter(side="received", message__sender__owner=user.pk, message__audience__isnull=False)
        return rows.none() if is_viewed_as_another() else rows

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Mail"), reverse("mail:inbox"))]
