"""A product's page, and the forms that write products and price lists."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.catalogue.capabilities import KEEP_PRODUCTS
from crm.catalogue.forms import CostForm, PriceListForm, PricesForm, ProductForm
from crm.catalogue.models import PriceList, PriceVersion, Product
from crm.catalogue.policies import FOR_KEEPERS
from crm.catalogue.price_files import lines_of, plain_yuan, price_file
from crm.catalogue.reading import read_product
from crm.catalogue.services.costs import set_cost
from crm.catalogue.services.products import WRITTEN, change_product, create_price_list, create_product, issue_prices, note_prices_taken
from crm.catalogue.units import say_yuan
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.access.registry import has_capability
from portal.attachments.queries import shown_on
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import ChangePage, Crumb, FormPage
from portal.imports.limits import MOST_BYTES
from portal.organization.querysets import today
from portal.search.beside import known_beside

MOST_PRICES, MOST_COSTS = 200, 6


def product_crumbs() -> list[Crumb]:
    return [(_("Products"), reverse("crm:product_list"))]


def price_crumbs() -> list[Crumb]:
    return [*product_crumbs(), (_("Price lists"), reverse("crm:price_list_list"))]


def require_keeper(request: HttpRequest) -> None:
    if not has_capability(request.user, KEEP_PRODUCTS):
        raise PermissionDenied(FOR_KEEPERS)


@require_safe
@employee_required
def product_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Specification, packing, stock by warehouse, what is to come, and prices for who may see them."""
    product = get_permitted(Product, user=request.user, rows=Product.objects.select_related("brand"), pk=pk)
    context = {
        "page": read_product(product, request.user),
        "product": product,
        "crumbs": product_crumbs(),
        "may_change": can(request.user, "change", product),
        "may_book": can(request.user, "book", product),
        "may_cost": can(request.user, "cost", product),
        "costs": [(one, say_yuan(one.fen)) for one in product.costs.select_related("set_by")[:MOST_COSTS]] if can(request.user, "cost", product) else [],
        "pictures": shown_on(product),
        "known": known_beside(request.user, f"{product.brand.name} {product.name}", kinds=("policy", "article")),
    }
    return render(request, "crm/catalogue/product_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class ProductCreate(FormPage):
    form_class = ProductForm
    heading = gettext_lazy("New product")
    submit = gettext_lazy("Take up")
    is_new_thing = True
    made: Product | None = None

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        require_keeper(request)

    def crumbs(self) -> list[Crumb]:
        return product_crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:product_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = create_product(actor=request.user, **values)
        return _("%(name)s is among the products now.") % {"name": self.made.name}


@method_decorator(employee_required, name="dispatch")
class ProductUpdate(FormPage):
    form_class = ProductForm
    heading = gettext_lazy("Change the product")
    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> Product:
        return get_permitted(Product, user=request.user, action="change", rows=Product.objects.select_related("brand"), pk=kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        return [*product_crumbs(), (self.subject.name, self.subject.get_absolute_url())]

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "product": self.subject}

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.subject, name) for name in WRITTEN} | {
            "brand": self.subject.brand.name,
            "picture_ids": [row.pk for row in shown_on(self.subject)],
        }

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_product(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class CostCreate(FormPage):
    form_class = CostForm
    heading = gettext_lazy("What it costs")
    submit = gettext_lazy("Save")
    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> Product:
        return get_permitted(Product, user=request.user, action="cost", pk=kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        return {"starts_on": today()}

    def crumbs(self) -> list[Crumb]:
        return [*product_crumbs(), (self.subject.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_cost(self.subject, actor=request.user, **values)
        return _("Saved.")


def version_shown(versions: Sequence[PriceVersion], request: HttpRequest) -> PriceVersion | None:
    """The one of a list's versions, newest first, that `?version=12` asks for, else the newest."""
    return next((one for one in versions if str(one.pk) == request.GET.get("version", "")), versions[0] if versions else None)


@require_safe
@employee_required
def price_list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Its versions, newest first, and what stands in one of them (`?version=12`), else in the newest."""
    price_list = get_permitted(PriceList, user=request.user, pk=pk)
    versions = list(price_list.versions.all())
    shown = version_shown(versions, request)
    lines = list(shown.lines.select_related("product").order_by("product__name_pinyin", "min_qty")[: MOST_PRICES + 1]) if shown else []
    said = [
        {
            "product": line.product,
            "from": line.product.packing.said(line.min_qty),
            "price": say_yuan(line.fen),
            "floor": say_yuan(line.floor) if line.floor != line.fen else "",
        }
        for line in lines[:MOST_PRICES]
    ]
    context = {
        "price_list": price_list,
        "versions": versions,
        "shown": shown,
        "lines": said,
        "has_more": len(lines) > MOST_PRICES,
        "most": MOST_PRICES,
        "crumbs": price_crumbs(),
        "may_change": can(request.user, "change", price_list),
    }
    return render(request, "crm/catalogue/price_list_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class PriceListCreate(FormPage):
    form_class = PriceListForm
    heading = gettext_lazy("New price list")
    submit = gettext_lazy("Make")
    is_new_thing = True
    made: PriceList | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        require_keeper(request)

    def crumbs(self) -> list[Crumb]:
        return price_crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:price_list_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = create_price_list(actor=request.user, **values)
        return _("The price list is there now. Issue its prices.")


@method_decorator(employee_required, name="dispatch")
class PricesIssue(FormPage):
    form_class = PricesForm
    heading = gettext_lazy("New version of the prices")
    submit = gettext_lazy("Put into force")
    note = gettext_lazy("Prices that are in force are changed by nobody; what is wrong is put right by another version.")
    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> PriceList:
        return get_permitted(PriceList, user=request.user, action="change", pk=kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        return [*price_crumbs(), (self.subject.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def initial(self) -> dict[str, Any]:
        """Those of the newest version, to be changed."""
        newest = self.subject.versions.first()
        lines = newest.lines.select_related("product").order_by("product__code", "min_qty") if newest else []
        return {"lines": "\n".join(f"{one.product.code}\t{plain_yuan(one.fen)}\t{one.min_qty}\t{plain_yuan(one.floor)}" for one in lines)}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """A file is only read: what it says stands in the form afterwards, and comes into force when it is sent again."""
        file = request.FILES.get("file")
        if file is None:
            return super().post(request, **kwargs)
        try:
            lines = lines_of(file.read(MOST_BYTES + 1))
        except PortalError as error:
            form = PricesForm(request.POST)
            form.fields["lines"].required = False
            form.add_error("file", str(error))
            return self.page(request, form, status=422)
        number = len(lines.splitlines())
        said = ngettext("%(number)s price was read from “%(name)s”.", "%(number)s prices were read from “%(name)s”.", number)
        messages.info(request, f"{said % {'number': number, 'name': file.name}} {_('Nothing is in force yet: look at them, and put them into force.')}")
        return self.page(request, PricesForm(initial={**request.POST.dict(), "lines": lines}))

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        del values["file"]  # what it said is among the lines
        version = issue_prices(self.subject, actor=request.user, **values)
        return _("The prices hold from %(day)s on.") % {"day": version.starts_on.isoformat()}


@method_decorator([require_POST, employee_required], name="dispatch")
class PricesExport(ChangePage):
    """A version of a price list as a file: `?version=12`, else the newest."""

    def load(self, request: HttpRequest, **kwargs: Any) -> PriceList:
        return get_permitted(PriceList, user=request.user, pk=kwargs["pk"])

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        version = version_shown(list(self.subject.versions.all()), request)
        if version is None:
            messages.info(request, _("It has no prices yet. Issue the first version."))
            return redirect(self.back_url())
        note_prices_taken(self.subject, version, actor=request.user)
        return price_file(self.subject, version, "csv" if request.POST.get("export") == "csv" else "xlsx")
