"""A customer's account, and how what is owed ages."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.customers.models import Customer, Tier
from crm.orders.forms import BoundsForm, CapForm, PaymentForm, TermsForm
from crm.orders.models import CreditAccount, DueBounds, Payment, Receivable
from crm.orders.policies import FOR_ACCOUNTS, keeps_accounts, works_with_orders
from crm.orders.services.accounts import book_payment, bounce_payment, set_bounds, set_cap, set_terms
from crm.orders.services.overdue import ageing, bounds_of, level_of
from portal.access.decorators import employee_required
from portal.access.policies import can, decide, get_permitted, visible_to
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.moments import DayField
from portal.foundation.once import key_in
from portal.organization.querysets import today

MOST = 30
MOST_AGED = 200
TONES = {"": "", "yellow": "warning", "orange": "warning", "red": "danger"}


def load_account(request: HttpRequest, pk: int, action: str = "view") -> CreditAccount:
    """The account of a customer, also where none was begun yet; 404 for who may not see it."""
    customer = Customer.objects.select_related("portfolio__department").filter(pk=pk).first()
    if customer is None:
        raise Http404
    account = CreditAccount.objects.filter(customer=customer).first() or CreditAccount(customer=customer)
    account.customer = customer
    if not can(request.user, "view", account):
        raise Http404
    if action != "view" and not (decision := decide(request.user, action, account)):
        raise PermissionDenied(decision.rule)
    return account


@require_safe
@employee_required
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Limit, exposure and room; what is owed and when it is due; what was paid."""
    account, day = load_account(request, pk), today()
    open_rows = [row for row in Receivable.objects.filter(account=account.pk).select_related("order", "account") if row.open]
    bounds = bounds_of([pk], day).get(pk)
    payments = Payment.objects.filter(account=account.pk)[:MOST]
    context = {
        "account": account,
        "customer": account.customer,
        "numbers": [
            (_("Credit limit"), say_yuan(account.limit)),
            (_("Promised"), say_yuan(account.promised)),
            (_("Owed"), say_yuan(account.owed)),
            (_("Paid ahead"), say_yuan(account.advance)),
            (pgettext("of credit", "Room"), say_yuan(account.limit - account.exposure)),
        ],
        "receivables": [(row, say_yuan(row.fen), say_yuan(row.open), TONES[level_of(row, day, bounds)]) for row in open_rows],
        "payments": [(row, say_yuan(row.fen), say_yuan(row.unused) if row.unused else "") for row in payments],
        "caps": account.customer.caps.filter(ends_on__gte=day).select_related("product"),
        "may_keep": can(request.user, "account", account),
        "crumbs": [(_("Receivables"), reverse("crm:receivable_list"))],
    }
    return render(request, "crm/orders/account_detail.html", context)


@require_safe
@employee_required
def ageing_report(request: HttpRequest) -> HttpResponse:
    """What customers owed at the end of a day (`?on=2026-11-20`), by how long it was due."""
    if not works_with_orders(request.user):
        raise PermissionDenied(FOR_ACCOUNTS)
    wrong, day = "", today()
    try:
        day = DayField(required=False).clean(request.GET.get("on", "")) or today()
    except ValidationError as error:
        wrong = " ".join(error.messages)
    rows = ageing(visible_to(Receivable, request.user), day, most=MOST_AGED)
    sums = [sum(one.buckets[place] for one in rows) for place in range(5)]
    headings = [_("Not due"), _("1 to 30 days"), _("31 to 60 days"), _("61 to 90 days"), _("Longer")]
    context = {
        "day": day,
        "wrong": wrong,
        "today": today(),
        "headings": headings,
        "rows": [(one, TONES[one.level], list(zip(headings, map(say_yuan, one.buckets), strict=True)), say_yuan(one.total)) for one in rows[:MOST_AGED]],
        "has_more": len(rows) > MOST_AGED,
        "most": MOST_AGED,
        "bounds": [(Tier(one.tier).label, one) for one in DueBounds.objects.order_by("tier")],
        "may_set": keeps_accounts(request.user),
        "sums": [say_yuan(fen) for fen in sums],
        "total": say_yuan(sum(sums)),
        "crumbs": [(_("Receivables"), reverse("crm:receivable_list"))],
    }
    return render(request, "crm/orders/ageing.html", context)


class AccountPage(FormPage):
    """One form about an account. Sent twice it is done once."""

    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> CreditAccount:
        return load_account(request, kwargs["pk"], "account")

    def crumbs(self) -> list[Crumb]:
        return [(_("Receivables"), reverse("crm:receivable_list")), (self.subject.customer.name, self.back_url())]

    def back_url(self) -> str:
        return reverse("crm:account_detail", args=[self.subject.customer_id])


@method_decorator(employee_required, name="dispatch")
class TermsUpdate(AccountPage):
    form_class = TermsForm
    heading = gettext_lazy("Limit and terms")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        account = self.subject
        return {"limit": say_yuan(account.limit).replace(",", ""), "term_days": account.term_days, "grace_days": account.grace_days}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        account = set_terms(self.subject.customer, actor=request.user, **values)
        above = account.exposure - account.limit
        if above > 0:
            return _("Saved. The exposure is %(sum)s above the limit: nothing more can be ordered until that is paid.") % {"sum": say_yuan(above)}
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class PaymentCreate(AccountPage):
    form_class = PaymentForm
    heading = gettext_lazy("Book a payment")
    submit = gettext_lazy("Book")

    def initial(self) -> dict[str, Any]:
        return {"came_on": today()}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        payment = book_payment(self.subject.customer, actor=request.user, key=key_in(request) or uuid4(), **values)
        if payment.unused:
            return _("Booked. %(sum)s of it are paid ahead.") % {"sum": say_yuan(payment.unused)}
        return _("Booked.")


@method_decorator(employee_required, name="dispatch")
class CapCreate(AccountPage):
    form_class = CapForm
    heading = gettext_lazy("Set a cap")
    submit = gettext_lazy("Set")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_cap(self.subject.customer, actor=request.user, **values)
        return _("The cap holds.")


@method_decorator(employee_required, name="dispatch")
class PaymentBounce(ActPage):
    """The bank took it back."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Payment:
        rows = Payment.objects.select_related("account__customer__portfolio__department")
        return get_permitted(Payment, user=request.user, action="account", rows=rows, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("crm:account_detail", args=[self.subject.account.customer_id])

    def act(self, request: HttpRequest) -> str:
        bounce_payment(self.subject, actor=request.user)
        return _("Taken back: what it had settled is owed again.")


@method_decorator(employee_required, name="dispatch")
class BoundsUpdate(FormPage):
    """From when a tier is yellow and red."""

    form_class = BoundsForm
    heading = gettext_lazy("Colours of a tier")
    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not keeps_accounts(request.user):
            raise PermissionDenied(FOR_ACCOUNTS)

    def crumbs(self) -> list[Crumb]:
        return [(_("Receivables"), reverse("crm:receivable_list")), (_("Ageing"), reverse("crm:ageing_report"))]

    def back_url(self) -> str:
        return reverse("crm:ageing_report")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_bounds(actor=request.user, **values)
        return _("Saved.")
