"""Outsiders as a list, for whoever writes their customers' files, and all of them for those who keep the accounts."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.extranet.models import Account, SignIn
from crm.extranet.policies import works_with_outsiders
from crm.extranet.services.accounts import end_account
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, RowAct, register_list
from portal.lists.filters import ChoiceFilter

STATES = (("active", gettext_lazy("may sign in")), ("here", gettext_lazy("signed in now")), ("ended", gettext_lazy("ended")))


def _open_sign_ins() -> Exists:
    return Exists(SignIn.objects.filter(account=OuterRef("pk"), ended_at__isnull=True, expires_at__gt=timezone.now()))


def _state(code: str) -> Q:
    if code == "ended":
        return Q(ended_at__isnull=False)
    return Q(ended_at__isnull=True) if code == "active" else Q(_open_sign_ins(), ended_at__isnull=True)


def _said_state(row: Account) -> tuple[str, str]:
    return (_("ended"), "") if row.ended_at else (_("may sign in"), "good")


@register_list
class OutsiderList(List):
    code = "crm.outsiders"
    url_name = "crm:outsider_list"
    row_url_name = "crm:outsider_detail"
    heading = pgettext_lazy("of customers", "Outsiders")
    subtitle = gettext_lazy("Who of the customers signs in on their site. Ended, they are signed out at once.")
    icon = "id-card-lanyard"
    words_in = ("name", "login", "customer__root__found_by")
    words_label = gettext_lazy("Name, number, customer, pinyin")
    default_sort = "-created"
    empty_title = gettext_lazy("Nobody of the customers signs in yet")
    empty_text = gettext_lazy("Invite somebody on the page of their customer.")
    columns = (
        Column("name", gettext_lazy("Name")),
        Column("customer", gettext_lazy("Customer"), "customer.root.name", related=("customer__root",)),
        Column("login", gettext_lazy("Telephone or e-mail")),
        Column("first", gettext_lazy("Keeps the firm's people"), lambda row: _("yes") if row.is_first else ""),
        Column("state", gettext_lazy("State"), _said_state, "tag"),
        Column("seen", gettext_lazy("Last seen"), "seen_at", "instant", order_by=("seen_at",)),
        Column("created", gettext_lazy("Since"), "created_at", "instant", order_by=("created_at",)),
        Column("portfolio", gettext_lazy("Portfolio"), "customer.root.portfolio.name", related=("customer__root__portfolio",), is_shown=False),
    )
    filters = (ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=STATES, conditions=_state),)
    acts = (RowAct("end", gettext_lazy("End the account"), "change", end_account, "user-x", is_dangerous=True),)

    def is_allowed(self, user: Any) -> bool:
        return works_with_outsiders(user)

    def rows(self, user: Any) -> QuerySet[Account]:
        return visible_to(Account, user)
