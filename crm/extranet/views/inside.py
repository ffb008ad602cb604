"""What is done about outsiders on the intranet: inviting, seeing where they are signed in and what is shared with them, ending any at once."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from crm.customers.models import Customer
from crm.extranet.forms import InviteForm
from crm.extranet.models import Account, Invitation, SignIn
from crm.extranet.selectors import objections_of, orders_of, receivables_of, requests_of
from crm.extranet.services.accounts import end_account, invite, invite_anew, make_first, withdraw_invitation
from crm.extranet.services.signing_in import end_sign_ins
from crm.extranet.tokens import invitation_token
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.accounts.agents import agent_name
from portal.foundation.form_pages import ActPage, Crumb, FormPage

MOST_SIGN_INS = 50


def load_account(request: HttpRequest, pk: int, action: str = "view") -> Account:
    rows = Account.objects.select_related("customer__root__portfolio__department", "user", "ended_by")
    return get_permitted(Account, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(pgettext("of customers", "Outsiders"), reverse("crm:outsider_list"))]


@require_safe
@employee_required
def outsider_detail(request: HttpRequest, pk: int) -> HttpResponse:
    account = load_account(request, pk)
    customer = account.customer.root
    rows = SignIn.objects.filter(account=account)[:MOST_SIGN_INS]
    context = {
        "outsider": account,
        "customer": customer,
        "may_change": can(request.user, "change", account),
        "sign_ins": [(row, agent_name(row.agent)) for row in rows],
        "invitations": account.invitations.filter(used_at__isnull=True, ended_at__isnull=True),
        "shared": [
            (_("Orders"), orders_of(customer).count()),
            (_("Bills"), receivables_of(customer).count()),
            (_("Questions"), requests_of(customer).count()),
            (_("Complaints"), objections_of(customer).count()),
        ],
        "crumbs": crumbs(),
    }
    return render(request, "crm/extranet/outsider_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class OutsiderInvite(FormPage):
    """Somebody of a customer. Afterwards the link is shown."""

    form_class = InviteForm
    heading = gettext_lazy("Invite to the customers' site")
    submit = gettext_lazy("Invite")
    note = gettext_lazy("They get a link that works once and for a week, and set their own password with it.")
    is_new_thing = True
    made: Invitation | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Customer:
        return get_permitted(Customer, user=request.user, action="change", rows=Customer.objects.select_related("portfolio__department"), pk=kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        return [(_("Customers"), reverse("crm:customer_list")), (self.subject.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str((self.made or self.subject).get_absolute_url())

    def initial(self) -> dict[str, Any]:
        return {"is_first": not Account.objects.active().of_firm(self.subject).filter(is_first=True).exists()}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = invite(actor=request.user, customer=self.subject, **values)
        return _("Invited. Give them the link.")


@require_safe
@employee_required
def outsider_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """The link, to be copied, printed or mailed by whoever invited."""
    rows = Invitation.objects.select_related("customer__root__portfolio__department", "made_by", "account")
    invitation = get_permitted(Invitation, user=request.user, action="change", rows=rows, pk=pk)
    link = invitation_link(request, invitation) if invitation.is_open else ""
    words = _("With this link you set your password for our customers' site. It works once, until %(at)s: %(link)s")
    subject = _("The customers' site")
    letter = words % {"at": f"{invitation.expires_at:%Y-%m-%d}", "link": link}
    context = {
        "invitation": invitation,
        "customer": invitation.customer.root,
        "link": link,
        "mail": f"mailto:{invitation.login}?subject={quote(subject)}&body={quote(letter)}" if link and "@" in invitation.login else "",
        "crumbs": crumbs(),
    }
    return render(request, "crm/extranet/outsider_invitation.html", context)


def invitation_link(request: HttpRequest, invitation: Invitation) -> str:
    """At the address that customers type; without one, at this host with the port of their site."""
    site = settings.EXTRANET_URL or f"{request.scheme}://{split_domain_port(request.get_host())[0]}:{settings.EXTRANET_PORT}"
    return f"{site}/join/{invitation_token(invitation.nonce)}/"


class AccountAct(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Account:
        return load_account(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class OutsiderEnd(AccountAct):
    def act(self, request: HttpRequest) -> str:
        end_account(self.subject, actor=request.user)
        return _("They cannot sign in any more, and are signed out everywhere.")


@method_decorator(employee_required, name="dispatch")
class OutsiderSignOut(AccountAct):
    def act(self, request: HttpRequest) -> str:
        count = end_sign_ins(self.subject, actor=request.user)
        return _("They are signed out everywhere (%(count)s). They can sign in again.") % {"count": count}


@method_decorator(employee_required, name="dispatch")
class OutsiderFirst(AccountAct):
    def act(self, request: HttpRequest) -> str:
        make_first(self.subject, actor=request.user)
        return _("They keep the firm's people now.")


@method_decorator(employee_required, name="dispatch")
class OutsiderAnew(AccountAct):
    made: Invitation | None = None

    def act(self, request: HttpRequest) -> str:
        self.made = invite_anew(self.subject, actor=request.user)
        return _("Give them the link. With it they set a new password.")

    def back_url(self) -> str:
        return str((self.made or self.subject).get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class OutsiderWithdraw(ActPage):
    """The link does not hold any more."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Invitation:
        rows = Invitation.objects.select_related("customer__root__portfolio__department")
        return get_permitted(Invitation, user=request.user, action="change", rows=rows, pk=kwargs["pk"])

    def back_url(self) -> str:
        return str(self.subject.customer.root.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        withdraw_invitation(self.subject, actor=request.user)
        return _("The link does not hold any more.")
