"""Products, and what was counted in the warehouses, from a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.capabilities import KEEP_PRODUCTS, KEEP_STOCK
from crm.catalogue.models import Product, Stock, Warehouse
from crm.catalogue.models.products import GREATEST_FACTOR
from crm.catalogue.services.products import PACKED, WRITTEN, change_product, create_product, packing_fault
from crm.catalogue.services.stock import book_count
from portal.imports.columns import ColumnSet, ImportColumn
from portal.imports.definition import register_importer
from portal.imports.keyed import KeyedImporter
from portal.imports.lines import Fault, Line
from portal.imports.meanings import Meanings
from portal.imports.plan import PlannedLine
from portal.imports.values import choice_reader, fold, read_date, read_text, short_reader

GREATEST_COUNT = 10**9
FORMS = {"hard": "硬盒 硬包 硬", "soft": "软盒 软包 软", "slim": "细支", "medium": "中支", "short": "短支", "cigar": "雪茄 雪茄烟"}
BASES = {"stick": "支", "pack": "盒 包", "carton": "条"}
BLANK: dict[str, Any] = {"barcode": "", "remark": "", "form": Product.Form.HARD, "base": Product.Base.CARTON, "sticks": 200, "per_case": 50, "per_box": 250}


def whole_reader(most: int) -> Any:
    """Reads a whole number from nought to `most`; 1,000 is one thousand, 2.5 is refused."""

    def read(cell: Any) -> int | None:
        text = (read_text(cell) or "").replace(",", "").removesuffix(".0")
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)) or int(text) > most:
            raise ValueError(_("“%(text)s” is no whole number from 0 to %(most)s.") % {"text": text[:40], "most": most})
        return int(text)

    return read


def read_name(cell: Any) -> str | None:
    """A name with the brackets that Chinese is written with, whatever width they have in the file."""
    text: str | None = short_reader(80)(cell)
    return text if text is None or text.isascii() else text.replace("(", "（").replace(")", "）")


@register_importer
class ProductImporter(KeyedImporter):
    code = "crm.products"
    url_prefix = "crm:product_import"
    capability = KEEP_PRODUCTS
    home = (gettext_lazy("Products"), "crm:product_list")
    heading = gettext_lazy("Products from a file")
    upload_heading = gettext_lazy("Import products")
    subject = gettext_lazy("Product")
    template_label = gettext_lazy("Present products")
    key = "code"
    compared = ("brand", *WRITTEN[1:])
    columns = ColumnSet(
        (
            ImportColumn("code", gettext_lazy("product number"), "产品编号", "Product number", "编号 产品编码 商品编码 规格编码 code", short_reader(20), True),
            ImportColumn("name", pgettext_lazy("of a product", "name"), "产品名称", "Product", "名称 规格 品名 商品名称 卷烟名称 name", read_name, True),
            ImportColumn("brand", gettext_lazy("brand"), "品牌", "Brand", "牌号 brand", short_reader(60), True),
            ImportColumn("form", gettext_lazy("model"), "包装形式", "Model", "类型 包装 支型 form", choice_reader(FORMS, Product.Form)),
            ImportColumn("base", gettext_lazy("base unit"), "基本单位", "Base unit", "单位 计量单位 unit", choice_reader(BASES, Product.Base)),
            ImportColumn("sticks", gettext_lazy("sticks in a base unit"), "每单位支数", "Sticks", "支数 sticks", whole_reader(GREATEST_FACTOR)),
            ImportColumn("per_case", gettext_lazy("base units in a case"), "每件数量", "Per case", "件装 每件 per case", whole_reader(GREATEST_FACTOR)),
            ImportColumn("per_box", gettext_lazy("base units in a box"), "每箱数量", "Per box", "箱装 每箱 per box", whole_reader(GREATEST_FACTOR)),
            ImportColumn("barcode", gettext_lazy("bar code"), "条形码", "Bar code", "条码 barcode", short_reader(20)),
            ImportColumn("tar", gettext_lazy("tar, mg"), "焦油量", "Tar", "焦油 焦油量mg tar", whole_reader(99)),
            ImportColumn("remark", gettext_lazy("remark"), "备注", "Remark", "说明 remark note", short_reader(1_000)),
            ImportColumn("ended_on", gettext_lazy("no longer sold from"), "停售日期", "Ended", "停产日期 退市日期 ended", read_date),
        ),
        telling=("code", "name"),
        key="code",
    )

    def present(self) -> Mapping[str, Mapping[str, Any]]:
        rows = Product.objects.values("brand__name", *WRITTEN)
        return {row["code"]: {"brand": row["brand__name"]} | {name: None if row[name] == "" else row[name] for name in WRITTEN[1:]} for row in rows}

    def _planned(self, line: Line, key: Any, before: Mapping[str, Any] | None, rows: Sequence[int]) -> PlannedLine:
        if before is not None and fold(line.values.get("name", "")) == fold(before["name"]):
            line.values["name"] = before["name"]
        return super()._planned(line, key, before, rows)

    def judge(self, line: Line, before: Mapping[str, Any] | None) -> Iterator[Fault]:
        stands: dict[str, Any] = BLANK | dict(before or {}) | line.values
        if stands["sticks"] < 1:
            yield Fault("sticks", _("A base unit holds one stick at least."))
        if fault := packing_fault(stands["per_case"], stands["per_box"]):
            yield Fault(*fault)
        if before is not None and any(stands[name] != before[name] for name in PACKED[:2]):
            yield Fault("base", _("The base unit stays: the stock of it was counted in it. Take up a new product instead."))

    def say(self, field: str, value: Any) -> str:
        if field in ("form", "base") and value:
            return str(dict(Product._meta.get_field(field).flatchoices)[value])  # type: ignore[union-attr]
        return super().say(field, value)

    def write(self, line: PlannedLine, *, actor: Any) -> None:
        values = {name: line.values[name] for name in ("code", *self.compared)}
        values |= {name: blank for name, blank in BLANK.items() if values[name] is None}
        product = Product.objects.filter(code=values["code"]).first()
        if product is None:
            create_product(actor=actor, **values)
        else:
            change_product(product, actor=actor, **values)

    def template_rows(self) -> Iterator[list[Any]]:
        for code, row in self.present().items():
            yield [code, *(self.say(one.code, row[one.code]) for one in self.columns.columns[1:])]


class Present(dict[Any, Mapping[str, Any]]):
    """What there is by product and warehouse, with the warehouses by what they are called."""

    def __init__(self) -> None:
        rows = Warehouse.objects.filter(closed_on__isnull=True).values_list("code", "name")
        self.warehouses = {word: code for code, name in rows for word in (code, name)}
        codes = list(Product.objects.values_list("code", flat=True))
        there = dict.fromkeys(((code, warehouse) for warehouse in self.warehouses.values() for code in codes), 0)
        for code, warehouse, on_hand in Stock.objects.values_list("product__code", "warehouse__code", "on_hand"):
            there[code, warehouse] = on_hand
        super().__init__({key: {"counted": on_hand, "reason": None} for key, on_hand in there.items()})


@register_importer
class CountImporter(KeyedImporter):
    """A stocktaking (盘点): how much of a product there is in a warehouse, in base units. The difference is booked with its reason."""

    code = "crm.counts"
    url_prefix = "crm:count_import"
    capability = KEEP_STOCK
    home = (gettext_lazy("Stock ledger"), "crm:stock_ledger")
    heading = gettext_lazy("Stocktaking from a file")
    upload_heading = gettext_lazy("Import what was counted")
    subject = gettext_lazy("Product and warehouse")
    template_label = gettext_lazy("Present stock")
    nothing_to_do = gettext_lazy("There is nothing to do: the stock is as the file says.")
    key = "place"
    compared = ("counted", "reason")
    columns = ColumnSet(
        (
            ImportColumn(
                "product", gettext_lazy("product number"), "产品编号", "Product number", "编号 产品编码 商品编码 规格编码 code", short_reader(20), True
            ),
            ImportColumn("warehouse", gettext_lazy("warehouse"), "仓库", "Warehouse", "库房 仓库名称 仓库编号 warehouse", short_reader(60), True),
            ImportColumn(
                "counted", gettext_lazy("counted, in base units"), "实盘数量", "Counted", "实盘 盘点数量 数量 实存 counted", whole_reader(GREATEST_COUNT), True
            ),
            ImportColumn("reason", gettext_lazy("reason"), "原因", "Reason", "盘点单号 说明 备注 reason", short_reader(200), True),
        ),
        telling=("product", "warehouse", "counted"),
    )

    def present(self) -> Present:
        """Every product in every open warehouse; what was never booked is nought."""
        return Present()

    def identify(self, line: Line, present: Mapping[Any, Mapping[str, Any]], meanings: Meanings) -> Any:
        assert isinstance(present, Present)
        warehouse = present.warehouses.get(line.values.get("warehouse", ""))
        key = (line.values.get("product"), warehouse)
        if "warehouse" in line.values and warehouse is None:
            line.faults.append(Fault("warehouse", _("There is no open warehouse “%(name)s”.") % {"name": line.values["warehouse"]}))
        elif "product" in line.values and key not in present:
            line.faults.append(Fault("product", _("There is no product %(code)s.") % {"code": line.values["product"]}))
        return key

    def _planned(self, line: Line, key: Any, before: Mapping[str, Any] | None, rows: Sequence[int]) -> PlannedLine:
        """A reason alone changes nothing."""
        if before is not None and line.values.get("counted") == before["counted"]:
            line.values.pop("reason", None)
        return super()._planned(line, key, before, rows)

    def judge(self, line: Line, before: Mapping[str, Any] | None) -> Iterator[Fault]:
        if before is not None and line.values.get("counted") not in (None, before["counted"]) and not line.values.get("reason"):
            yield Fault("reason", _("%(field)s is missing.") % {"field": self.columns.label_of("reason")})

    def say(self, field: str, value: Any) -> str:
        return " · ".join(str(part or "") for part in value) if field == "place" else super().say(field, value)

    def write(self, line: PlannedLine, *, actor: Any) -> None:
        code, warehouse = line.key.split(" · ")
        place = Warehouse.objects.get(code=warehouse)
        book_count(actor=actor, product=Product.objects.get(code=code), warehouse=place, counted=line.values["counted"], reason=line.values["reason"] or "")

    def template_rows(self) -> Iterator[list[Any]]:
        names = dict(Warehouse.objects.values_list("code", "name"))
        for (code, warehouse), row in self.present().items():
            if warehouse in names:
                yield [code, names[warehouse], row["counted"], ""]
