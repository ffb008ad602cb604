"""The firm's own people, which its first person keeps; and one's own sign-ins and password."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm.extranet.errors import ExtranetError
from crm.extranet.forms import OwnPasswordForm, PersonForm
from crm.extranet.guards import account_required
from crm.extranet.logins import masked
from crm.extranet.selectors import invitations_of, people_of, sign_ins_of
from crm.extranet.services.accounts import change_own_password, end_account, invite, withdraw_invitation
from crm.extranet.services.signing_in import end_sign_ins
from crm.extranet.tokens import invitation_token
from crm.extranet.views.service import OutsidePage
from portal.accounts.agents import agent_name

KEEPER = gettext_lazy("Only the first person of your firm keeps its people.")


@require_safe
@account_required
def people(request: Any) -> HttpResponse:
    """Who of the firm signs in; for the first person also the links that wait."""
    account = request.account
    invited = invitations_of(account.customer).select_related("account") if account.is_first else []
    context = {
        "people": [(one, masked(one.login)) for one in people_of(account.customer)],
        "invited": [(one, masked(one.login), _link(request, one) if one.is_open and one.account_id is None else "") for one in invited],
        "sign_ins": [(one, agent_name(one.agent), one.pk == request.sign_in.pk) for one in sign_ins_of(account)],
    }
    return render(request, "people.html", context)


def _link(request: HttpRequest, invitation: Any) -> str:
    return request.build_absolute_uri(reverse("extranet:join", args=[invitation_token(invitation.nonce)]))


class PeoplePage(OutsidePage):
    def back_url(self) -> str:
        return reverse("extranet:people")


@method_decorator(account_required, name="dispatch")
class Invite(PeoplePage):
    form_class = PersonForm
    heading = gettext_lazy("Invite a colleague")
    submit = gettext_lazy("Invite")
    note = gettext_lazy("They get a link that works once and for a week. It stands under your people; send it to them.")

    def load(self, request: Any, **kwargs: Any) -> Any:
        if not request.account.is_first:
            raise PermissionDenied(str(KEEPER))
        return None

    def save(self, request: Any, values: dict[str, Any]) -> str:
        made = invite(actor=request.user, customer=request.account.customer, **values)
        return _("%(name)s is invited. The link stands below.") % {"name": made.name}


@method_decorator(account_required, name="dispatch")
class Password(PeoplePage):
    form_class = OwnPasswordForm
    heading = gettext_lazy("Change the password")
    submit = gettext_lazy("Change")
    is_new_thing = False

    def save(self, request: Any, values: dict[str, Any]) -> str:
        change_own_password(request.account, old=values["old"], new=values["password"], keep=request.sign_in)
        return _("The password is changed. You are signed out everywhere else.")


@require_POST
@account_required
def person_end(request: Any, key: str) -> HttpResponse:
    return _done(request, people_of(request.account.customer).filter(key=key).first(), end_account, _("They cannot sign in any more."))


@require_POST
@account_required
def invitation_end(request: Any, key: str) -> HttpResponse:
    return _done(request, invitations_of(request.account.customer).filter(key=key).first(), withdraw_invitation, _("The link does not hold any more."))


def _done(request: Any, thing: Any, act: Any, sentence: str) -> HttpResponse:
    if thing is None:
        raise Http404
    if not request.account.is_first:
        raise PermissionDenied(str(KEEPER))
    try:
        act(thing, actor=request.user)
        messages.success(request, sentence)
    except ExtranetError as error:
        messages.error(request, str(error))
    return redirect("extranet:people")


@require_POST
@account_required
def others_end(request: Any) -> HttpResponse:
    count = end_sign_ins(request.account, actor=request.user, but=request.sign_in)
    messages.success(request, _("You are signed out everywhere else (%(count)s).") % {"count": count})
    return redirect("extranet:people")
