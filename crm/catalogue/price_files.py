"""Price lists from a file and into one: product number, price, from which quantity, lowest price."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.errors import CatalogueError
from crm.catalogue.models import PriceList, PriceVersion
from crm.catalogue.units import say_yuan
from portal.foundation.spreadsheets import table_response
from portal.imports.columns import ColumnSet, ImportColumn
from portal.imports.reading import read_table
from portal.imports.tables import is_blank, is_blank_row
from portal.imports.values import read_text, short_reader

COLUMNS = ColumnSet(
    (
        ImportColumn("product", gettext_lazy("product number"), "产品编号", "Product number", "编号 产品编码 商品编码 规格编码 code", short_reader(20), True),
        ImportColumn("price", pgettext_lazy("of a product", "price"), "价格", "Price", "单价 批发价 含税价 价格元 price", read_text, True),
        ImportColumn("min_qty", gettext_lazy("from quantity"), "起订数量", "From quantity", "数量 起始数量 起点 from", read_text),
        ImportColumn("floor", gettext_lazy("lowest price"), "最低价", "Lowest price", "底价 最低价格 floor", read_text),
    ),
    telling=("product", "price"),
)


def lines_of(content: bytes) -> str:
    """What a file says, as lines of the form: product number, price, quantity, lowest price, with tabs between.

    Raises ImportRefusedError for what is no table, CatalogueError where it names no product numbers or prices.
    """
    rows = read_table(content).rows
    found = COLUMNS.find(rows)
    if missing := COLUMNS.missing(found.mapping):
        names = {"names": _(", ").join(column.own_heading for column in missing)}
        raise CatalogueError(_("The file has no column %(names)s. Name its columns in the first row, as a file of this price list has them.") % names)
    body = rows[(found.header_row or 0) + 1 :]
    return "\n".join(_line(row, found.mapping) for row in body if not is_blank_row(row))


def _line(row: Sequence[Any], mapping: Mapping[str, int]) -> str:
    """Cells that are left out at the end are left out of the line too; a missing quantity before a lowest price is one."""
    cells = {code: row[place] for code, place in mapping.items() if place < len(row) and not is_blank(row[place])}
    said = {code: "".join(str(_plain(cell)).split()) for code, cell in cells.items()}
    parts = [said.get("product", "–"), said.get("price", "–"), said.get("min_qty", "1" if "floor" in said else ""), said.get("floor", "")]
    return "\t".join(parts).rstrip("\t")


def _plain(cell: Any) -> str:
    text = str(read_text(cell) or "")
    return text.removesuffix(".0").replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥").removesuffix("元")


def price_file(price_list: PriceList, version: PriceVersion, kind: str) -> HttpResponseBase:
    """A version of a list as XLSX or CSV, which comes back by the same columns."""
    headings = [COLUMNS.by_code["product"].own_heading, _("Product"), *(COLUMNS.by_code[code].own_heading for code in ("price", "min_qty", "floor"))]
    lines = version.lines.select_related("product").order_by("product__code", "min_qty")
    rows = [[line.product.code, line.product.name, plain_yuan(line.fen), line.min_qty, plain_yuan(line.floor)] for line in lines]
    return table_response(kind, f"{price_list.name}-{version.starts_on:%Y%m%d}", price_list.name, headings, rows)


def plain_yuan(fen: int) -> str:
    """As one types it: no commas between the thousands."""
    return say_yuan(fen).replace(",", "")
