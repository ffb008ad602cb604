"""Forms of the catalogue."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.models import PriceList, Product, Supply, Warehouse
from crm.catalogue.models.prices import GREATEST_PRICE
from crm.catalogue.services.products import DraftPrice
from crm.catalogue.units import UNITS, Packing, read_fen, read_quantity
from portal.attachments.forms import AttachmentsField
from portal.foundation.moments import DayField

MOST_LINES = 2_000


class QuantityField(forms.CharField):
    """A whole number above nought; ½, −1, 1e9 and NaN are refused with a sentence. `or_nought` for what was counted."""

    def __init__(self, *, or_nought: bool = False, **kwargs: Any) -> None:
        self.or_nought = or_nought
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return 0
        if self.or_nought and not text.strip().strip("0"):
            return 0
        try:
            return read_quantity(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class YuanField(forms.CharField):
    """A sum in yuan; comes out in fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Any:
        try:
            return read_fen(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ProductForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Product number"), max_length=20)
    name = forms.CharField(label=pgettext_lazy("of a product", "Name"), max_length=80)
    brand = forms.CharField(label=gettext_lazy("Brand"), max_length=60)
    form = forms.ChoiceField(label=gettext_lazy("Model"), choices=Product.Form.choices)
    base = forms.ChoiceField(
        label=gettext_lazy("Base unit"), choices=Product.Base.choices, initial=Product.Base.CARTON, help_text=gettext_lazy("Counted, priced and sold in it.")
    )
    sticks = forms.IntegerField(label=gettext_lazy("Sticks in a base unit"), min_value=1, max_value=1_000_000, initial=200)
    per_case = forms.IntegerField(
        label=gettext_lazy("Base units in a case"), min_value=0, max_value=1_000_000, initial=50, help_text=gettext_lazy("Nought where it is not packed so.")
    )
    per_box = forms.IntegerField(label=gettext_lazy("Base units in a box"), min_value=0, max_value=1_000_000, initial=250)
    barcode = forms.CharField(label=gettext_lazy("Bar code"), max_length=20, required=False)
    tar = forms.IntegerField(label=gettext_lazy("Tar, mg"), min_value=0, max_value=99, required=False)
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    ended_on = DayField(label=gettext_lazy("No longer sold from"), required=False)
    picture_ids = AttachmentsField(label=gettext_lazy("Pictures and files"))

    def __init__(self, *args: Any, user: Any, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture_ids"].belongs_to(user, product)  # type: ignore[attr-defined]


class CostForm(forms.Form):
    fen = YuanField(label=gettext_lazy("Cost of a base unit, in yuan"))
    starts_on = DayField(label=gettext_lazy("From"))
    source = forms.CharField(label=gettext_lazy("Source"), max_length=120, required=False, help_text=gettext_lazy("The calculation or the month's accounts."))

    def clean_fen(self) -> int:
        fen: int = self.cleaned_data["fen"]
        if fen > GREATEST_PRICE:
            raise ValidationError(_("That is far too much. Look at the line again."))
        return fen


class PriceListForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a price list", "Name"), max_length=80)
    scope = forms.ChoiceField(label=gettext_lazy("For whom"), choices=PriceList.Scope.choices)
    scope_value = forms.CharField(
        label=gettext_lazy("Which"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("The tier, the kind (retailer, dealer, end_user) or the customer number; empty for everybody."),
    )


class PricesForm(forms.Form):
    """A version: a line for each price, as it comes out of a spreadsheet."""

    starts_on = DayField(label=gettext_lazy("In force from"))
    ends_on = DayField(label=gettext_lazy("In force to"), required=False, help_text=gettext_lazy("Empty: until the next version."))
    paper = forms.CharField(label=gettext_lazy("By which paper"), max_length=60)
    file = forms.FileField(
        label=gettext_lazy("From a file"),
        required=False,
        help_text=gettext_lazy(
            "XLSX, XLS, ODS or CSV: product number, price, from quantity, lowest price. What it says comes into the box first, to be looked at."
        ),
    )
    lines = forms.CharField(
        label=gettext_lazy("Prices"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "On each line: product number and price in yuan, then where wanted the quantity it begins at and the lowest price. Blanks or tabs between."
        ),
    )

    def clean_lines(self) -> list[DraftPrice]:
        texts = [line for line in self.cleaned_data["lines"].replace("，", " ").splitlines() if line.strip()]
        if len(texts) > MOST_LINES:
            raise ValidationError(_("No more than %(number)s prices at once.") % {"number": MOST_LINES})
        parts = [line.split() for line in texts]
        products = {product.code: product for product in Product.objects.filter(code__in=[one[0] for one in parts])}
        found, faults = [], []
        for number, one in enumerate(parts, start=1):
            try:
                found.append(self._line(one, products))
            except ValueError as error:
                faults.append(_("Line %(number)s: %(fault)s") % {"number": number, "fault": error})
        if faults:
            raise ValidationError(faults[:20])
        return found

    @staticmethod
    def _line(parts: list[str], products: dict[str, Product]) -> DraftPrice:
        if not 2 <= len(parts) <= 4:
            raise ValueError(_("Write product number, price, quantity and lowest price."))
        product = products.get(parts[0])
        if product is None:
            raise ValueError(_("There is no product %(code)s.") % {"code": parts[0][:20]})
        fen = read_fen(parts[1])
        min_qty = read_quantity(parts[2]) if len(parts) > 2 else 1
        floor = read_fen(parts[3]) if len(parts) > 3 else fen
        if fen < 1 or floor < 1:
            raise ValueError(_("A price of nought is no price. Nothing is given away by a price list."))
        if fen > GREATEST_PRICE or min_qty > 10_000_000:
            raise ValueError(_("That is far too much. Look at the line again."))
        if floor > fen:
            raise ValueError(_("The lowest price is above the price."))
        return DraftPrice(product, min_qty, fen, floor)


class WarehouseField(forms.ModelChoiceField):
    """An open one."""

    def __init__(self, label: Any = "", **kwargs: Any) -> None:
        super().__init__(queryset=Warehouse.objects.filter(closed_on__isnull=True), label=label or gettext_lazy("Warehouse"), **kwargs)


class OfPackingForm(forms.Form):
    """A quantity in one of the units of a product. `quantity` comes out in base units."""

    warehouse = WarehouseField()
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))

    def __init__(self, *args: Any, packing: Packing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.packing = packing
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (code, f"{UNITS[code]}" if factor == 1 else f"{UNITS[code]} ({packing.said(factor)})") for code, factor in packing.factors().items()
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("quantity") and values.get("unit"):
            try:
                values["quantity"] = self.packing.in_base(values["quantity"], values["unit"])
            except ValueError as error:
                self.add_error("quantity", str(error))
        values.pop("unit", None)
        return values


class ReceiptForm(OfPackingForm):
    document = forms.CharField(label=gettext_lazy("Document"), max_length=60)
    supply = forms.ModelChoiceField(
        queryset=Supply.objects.none(), label=gettext_lazy("Of a planned supply"), required=False, empty_label=gettext_lazy("none, it was not planned")
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, packing=product.packing, **kwargs)
        supply = self.fields["supply"]
        supply.queryset = product.supplies.filter(ended_at__isnull=True).select_related("warehouse")  # type: ignore[attr-defined]
        supply.label_from_instance = lambda one: f"{one.day:%Y-%m-%d} · {one.warehouse.name} · {product.packing.said(one.open)}"  # type: ignore[attr-defined]


class IssueForm(OfPackingForm):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)
    document = forms.CharField(label=gettext_lazy("Document"), max_length=60, required=False)


class CountForm(OfPackingForm):
    quantity = QuantityField(label=gettext_lazy("Counted"), or_nought=True)
    reason = forms.CharField(label=gettext_lazy("Why it differs"), max_length=200)


class TransferForm(OfPackingForm):
    to = WarehouseField(label=pgettext_lazy("of a transfer", "To"))
    document = forms.CharField(label=gettext_lazy("Document"), max_length=60, required=False)
    field_order = ("warehouse", "to")


class SupplyForm(OfPackingForm):
    day = DayField(label=gettext_lazy("Comes on"))
    source = forms.CharField(label=gettext_lazy("From where"), max_length=60, required=False, help_text=gettext_lazy("The monthly plan, a transfer order."))
