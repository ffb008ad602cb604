"""Recipients of one's own mass mails; the journal, who looked into it, mailboxes and limits, for the computer centre."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mail.capabilities import KEEP_LIMITS, READ_JOURNAL
from mail.models import JournalEntry, Limit, Look, Mailbox, Placement
from mail.policies import is_viewed_as_another
from mail.reporting import department_today
from portal.access.capabilities import READ_AUDIT
from portal.access.registry import has_capability
from portal.access.words import level_name
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, Filter, FlagFilter, NumberFilter
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
    icon = "users-round"
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


@register_list
class JournalList(List):
    code = "mail.journal"
    url_name = "mail:journal"
    row_url_name = "mail:journal_entry"
    heading = gettext_lazy("Journal of mail")
    subtitle = gettext_lazy("Every envelope that was taken in, refused or recalled. It only grows, and says nothing of what is in it.")
    icon = "book-lock"
    words_in = ("sender_label",)
    words_label = gettext_lazy("Sender")
    default_sort = "-at"
    empty_title = gettext_lazy("Nothing in the journal fits")
    exports_everything = True
    columns = (
        Column("at", gettext_lazy("When"), kind="instant", order_by=("at",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("sender", gettext_lazy("Sender"), "sender_label"),
        Column("recipients", gettext_lazy("Recipients"), kind="number", order_by=("recipients",)),
        Column("size", gettext_lazy("Size"), lambda row: filesizeformat(row.size), order_by=("size",), plain=lambda row: row.size),
        Column("answer", gettext_lazy("Why it was refused")),
        Column("content", gettext_lazy("Digest of the content"), lambda row: bytes(row.content_digest or b"").hex(), is_shown=False),
        Column("envelope", gettext_lazy("Digest of the recipients"), lambda row: bytes(row.envelope_digest or b"").hex(), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=JournalEntry.Kind.choices),
        DayFilter(key="at", label=gettext_lazy("Day"), is_instant=True),
        NumberFilter(key="recipients", label=gettext_lazy("Recipients"), is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return has_capability(user, READ_JOURNAL)

    def rows(self, user: Any) -> QuerySet[JournalEntry]:
        """All of it: whoever may read the journal reads it whole, and nothing of what was written."""
        return JournalEntry.objects.all()


@register_list
class LookList(List):
    code = "mail.looks"
    url_name = "mail:look_list"
    heading = gettext_lazy("Looks into kept mail")
    subtitle = gettext_lazy("Who has opened a message of the journal, and why.")
    icon = "mail-search"
    words_in = ("by__name", "entry__sender_label", "reason")
    words_label = gettext_lazy("Who, whose mail, why")
    default_sort = "-at"
    empty_title = gettext_lazy("Nobody has looked into kept mail")
    columns = (
        Column("at", gettext_lazy("When"), kind="instant", order_by=("at",)),
        Column("by", gettext_lazy("Who"), "by.name", related=("by",)),
        Column("sender", gettext_lazy("Whose mail"), "entry.sender_label", related=("entry",)),
        Column("sent_at", gettext_lazy("Sent at"), "entry.at", "instant", related=("entry",)),
        Column("reason", gettext_lazy("Reason")),
    )
    filters = (DayFilter(key="at", label=gettext_lazy("Day"), is_instant=True),)

    def is_allowed(self, user: Any) -> bool:
        """Whoever supervises, and whoever reads the journal."""
        return has_capability(user, READ_AUDIT) or has_capability(user, READ_JOURNAL)

    def rows(self, user: Any) -> QuerySet[Look]:
        return Look.objects.all()


@register_list
class MailboxList(List):
    code = "mail.mailboxes"
    url_name = "mail:mailbox_list"
    heading = gettext_lazy("Mailboxes")
    subtitle = gettext_lazy("How full they are; a name leads to the limits of the person.")
    icon = "mailbox"
    words_in = ("owner__name", "owner__employee_number", "owner__name_pinyin")
    words_label = gettext_lazy("Name or number")
    default_sort = "-used"
    empty_title = gettext_lazy("No mailbox fits")
    columns = (
        Column("name", gettext_lazy("Name"), "owner.name", order_by=("owner__name_pinyin",), related=("owner",)),
        Column("number", gettext_lazy("Employee number"), "owner.employee_number", related=("owner",)),
        Column("used", gettext_lazy("Used"), lambda row: filesizeformat(row.used), order_by=("used",), plain=lambda row: row.used),
        Column("limit", gettext_lazy("Limit"), lambda row: filesizeformat(row.limit), order_by=("limit",), plain=lambda row: row.limit),
        Column("part", gettext_lazy("Full"), lambda row: f"{row.used_part}%"),
    )
    filters = (FlagFilter(key="full", label=gettext_lazy("Full"), holds=Q(used__gte=F("limit"))),)
    related = ("owner",)

    def is_allowed(self, user: Any) -> bool:
        return has_capability(user, KEEP_LIMITS)

    def rows(self, user: Any) -> QuerySet[Mailbox]:
        """Sizes alone; what lies in them is for their owners."""
        return Mailbox.objects.all()

    def row_url(self, row: Any) -> str:
        return reverse("mail:limit_of_person", args=[row.owner_id])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Limits of mail"), reverse("mail:limit_list"))]


def _whose(row: Limit) -> str:
    return str(row.person) if row.person is not None else _("everyone of the level %(level)s") % {"level": level_name(row.level or 0)}


def _size(name: str) -> Callable[[Limit], str]:
    return lambda row: "" if getattr(row, name) is None else filesizeformat(getattr(row, name))


@register_list
class LimitList(List):
    code = "mail.limits"
    url_name = "mail:limit_list"
    template_name = "mail/limits.html"
    heading = gettext_lazy("Limits of mail")
    subtitle = gettext_lazy("What differs from the usual: 200 MB, 200 recipients, 200 messages an hour. What was before stands on record.")
    icon = "gauge"
    words_in = ("person__name", "person__employee_number")
    words_label = gettext_lazy("Name or number")
    default_sort = "whose"
    empty_title = gettext_lazy("The usual limits hold for everyone")
    columns = (
        Column("whose", gettext_lazy("For whom"), _whose, order_by=("level", "person__name_pinyin"), related=("person",)),
        Column("mailbox", gettext_lazy("Mailbox"), _size("mailbox_bytes")),
        Column("file", gettext_lazy("One file"), _size("file_bytes")),
        Column("recipients", gettext_lazy("Recipients of one message"), kind="number"),
        Column("per_hour", gettext_lazy("Messages in an hour"), kind="number"),
    )
    related = ("person",)

    def is_allowed(self, user: Any) -> bool:
        return has_capability(user, KEEP_LIMITS)

    def rows(self, user: Any) -> QuerySet[Limit]:
        """All of them: whoever sets limits sees them."""
        return Limit.objects.all()

    def row_url(self, row: Any) -> str:
        return str(row.get_absolute_url())
