"""Two files of one customer beside each other, put together, and parted again."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.identifiers import folded
from crm.customers.models import Customer, CustomerVersion, Merge
from crm.customers.services.customers import field_label, say_value
from crm.customers.services.merges import CHOSEN, merge_customers, undo_merge
from crm.customers.views.customers import CustomerPage, crumbs_of, load_customer
from portal.access.decorators import employee_required
from portal.access.policies import can, visible_to
from portal.foundation.form_pages import ActPage

THIS, OTHER = "this", "other"


class OtherFileForm(forms.Form):
    """Which file, by one of the numbers it has."""

    number = forms.CharField(
        label=gettext_lazy("The other file"),
        max_length=40,
        help_text=gettext_lazy("Its customer number, licence number or credit code."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def __init__(self, *args: Any, user: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.customer = user, customer

    def clean_number(self) -> Customer:
        number = folded(self.cleaned_data["number"]).upper().replace(" ", "")
        for name in ("code", "licence_no", "uscc"):
            found = visible_to(Customer, self.user).filter(kin__in=Customer.objects.filter(**{name: number})).first()
            if found == self.customer:
                raise forms.ValidationError(_("This is one and the same file. Choose another one to merge it with."))
            if found is not None:
                return found
        raise forms.ValidationError(_("No file that you may see has this number."))


@method_decorator(employee_required, name="dispatch")
class CustomerOther(CustomerPage):
    """Asks which file is the same customer's, and leads to both beside each other."""

    action = "merge"
    form_class = OtherFileForm
    heading = gettext_lazy("Merge with another file")
    submit = gettext_lazy("Compare")
    note = gettext_lazy("Nothing happens yet: both files are shown beside each other first.")
    other: Customer

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "customer": self.subject}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, **self.form_arguments())
        if form.is_valid():
            return redirect("crm:customer_merge", self.subject.pk, form.cleaned_data["number"].pk)
        return self.page(request, form, status=422)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        raise NotImplementedError


class MergeForm(forms.Form):
    """Of each field in which the two differ, which side holds; what only one of them says is kept by itself."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Stands in the history of the file."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    seen_this = forms.IntegerField(widget=forms.HiddenInput)
    seen_other = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, customer: Customer, other: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differing = [name for name in CHOSEN if getattr(customer, name) != getattr(other, name)]
        for name in self.differing:
            fills = getattr(customer, name) in (None, "") and name != "ended_on"
            self.fields[name] = forms.ChoiceField(
                label=field_label(name),
                choices=[(THIS, say_value(customer, name, getattr(customer, name))), (OTHER, say_value(other, name, getattr(other, name)))],
                initial=OTHER if fills else THIS,
                widget=forms.RadioSelect,
            )

    def sides(self) -> list[tuple[Any, list[Any]]]:
        """Each field with its two choices, as the table shows them."""
        return [(self[name], list(self[name])) for name in self.differing]


@method_decorator(employee_required, name="dispatch")
class CustomerMerge(CustomerPage):
    action = "merge"
    form_class = MergeForm
    template_name = "crm/customer_merge.html"
    heading = gettext_lazy("Merge two files")
    submit = gettext_lazy("Merge")
    other: Customer

    def load(self, request: HttpRequest, **kwargs: Any) -> Customer:
        customer = super().load(request, **kwargs)
        self.other = load_customer(request, kwargs["other"], self.action)
        if self.other == customer:
            raise Http404
        return customer

    def form_arguments(self) -> dict[str, Any]:
        return {"customer": self.subject, "other": self.other}

    def initial(self) -> dict[str, Any]:
        versions = dict(CustomerVersion.objects.open().filter(row__in=[self.subject.pk, self.other.pk]).values_list("row", "version"))
        return {"seen_this": versions[self.subject.pk], "seen_other": versions[self.other.pk]}

    def more_context(self) -> dict[str, Any]:
        return {"customer": self.subject, "other": self.other, "counts": [_counts(self.subject), _counts(self.other)]}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        take = [name for name in CHOSEN if values.get(name) == OTHER]
        seen = [values["seen_this"], values["seen_other"]]
        merge_customers(self.subject, self.other, actor=request.user, take=take, seen=seen, reason=values["reason"])
        return _("%(other)s (%(code)s) is part of this file now. It can be parted again, under “Put together”.") % {
            "other": self.other.name,
            "code": self.other.code,
        }


def _counts(customer: Customer) -> dict[str, int]:
    return {
        "contacts": sum(one.contacts.count() for one in customer.kin.all()),
        "dealings": sum(one.dealings.count() for one in customer.kin.all()),
    }


@method_decorator(employee_required, name="dispatch")
class MergeUndo(ActPage):
    """The file that was absorbed stands by itself again."""

    customer: Customer

    def load(self, request: HttpRequest, **kwargs: Any) -> Merge:
        self.customer = load_customer(request, kwargs["pk"], "merge")
        merge = Merge.objects.select_related("absorbed").filter(pk=kwargs["merge"], survivor__root=self.customer.pk).first()
        if merge is None:
            raise Http404
        return merge

    def back_url(self) -> str:
        return reverse("crm:customer_merges", args=[self.customer.pk])

    def act(self, request: HttpRequest) -> str:
        undo_merge(self.subject, actor=request.user)
        return _("%(name)s (%(code)s) has a file of its own again.") % {"name": self.subject.absorbed.name, "code": self.subject.absorbed.code}


@require_safe
@employee_required
def customer_merges(request: HttpRequest, pk: int) -> HttpResponse:
    """What this file was put together of, by whom and when."""
    customer = load_customer(request, pk)
    merges = Merge.objects.filter(survivor__root=customer.pk, undone_at__isnull=True).select_related("survivor", "absorbed", "merged_by").order_by("-pk")
    context = {"customer": customer, "crumbs": crumbs_of(customer), "merges": merges, "may_merge": can(request.user, "merge", customer)}
    return render(request, "crm/customer_merges.html", context)
