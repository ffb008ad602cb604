"""Customers from a file, as a trade's systems give them out: thousands of lines, in any order and any style, some of them twice."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.identifiers import name_core, read_licence, read_phone, read_uscc
from crm.customers.models import Customer, Intake, Portfolio, ReachPoint
from crm.customers.models.customers import LONGEST_NAME
from crm.customers.services.many import CHUNK, begin_intake, bring_changes, bring_new
from portal.imports.columns import ColumnSet, ImportColumn
from portal.imports.definition import Job, Progress, register_importer
from portal.imports.keyed import KeyedImporter
from portal.imports.lines import Fault, Line
from portal.imports.meanings import Meanings
from portal.imports.plan import Plan, PlannedLine
from portal.imports.values import choice_reader, read_date, read_text, short_reader

OWN = ("licence_no", "uscc")
SIMPLE = ("name", "kind", "market", "trade", "licence_no", "licence_ends_on", "uscc", "address", "remark")
KINDS = {
    "retailer": "零售户 零售客户 零售 卷烟零售户",
    "dealer": "批发商 经销商 商业公司",
    "end_user": "终端用户 消费者",
    "prospect": "潜在客户 意向客户",
    "supplier": "供应商 供货商",
}
MARKETS = {"town": "城镇 城区 城市 市区 town", "country": "乡村 农村 乡镇 country"}
TRADES = {
    "food": "食杂店 食杂 副食店", "convenience": "便利店 便利", "supermarket": "超市", "tobacco": "烟酒商店 烟酒店 烟酒专卖店 烟酒",
    "mall": "商场 百货", "leisure": "娱乐服务 娱乐服务类 酒店 餐饮 服务", "other": "其他 其它",
}  # fmt: skip


def own(read: Any) -> Any:
    """Reads a number that has one form of its own."""

    def read_own(cell: Any) -> str | None:
        text = read_text(cell)
        return None if text is None else read(text) or None

    return read_own


def read_phones(cell: Any) -> tuple[str, ...] | None:
    """Each telephone number of a cell as it is compared: 073185123307转802."""
    text = read_text(cell)
    if text is None:
        return None
    parts = text
    for mark in "，,；;、/":
        parts = parts.replace(mark, "\n")
    return tuple(sorted({phone_key(*_parts(part)) for part in parts.split("\n") if part.strip()}))


def _parts(text: str) -> tuple[str, str]:
    phone = read_phone(text)
    return phone.normal, phone.extension


def phone_key(normal: str, extension: str) -> str:
    return f"{normal}转{extension}" if extension else normal


class Present(dict[Any, Mapping[str, Any]]):
    """Customers by their number, with what else they are known by."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[tuple[str, str], str] = {}
        self.named: dict[str, list[str]] = defaultdict(list)
        self.portfolios: dict[str, str] = {}


@register_importer
class CustomerImporter(KeyedImporter):
    code = "crm.customers"
    url_prefix = "crm:customer_import"
    capability = KEEP_CUSTOMERS
    home = (gettext_lazy("Customers"), "crm:customer_list")
    heading = gettext_lazy("Customers from a file")
    upload_heading = gettext_lazy("Import customers")
    subject = gettext_lazy("Customer")
    template_label = gettext_lazy("Present customers")
    list_template = "crm/customer_imports.html"
    key = "code"
    compared = (*SIMPLE, "portfolio", "phones")
    columns = ColumnSet(
        (
            ImportColumn("code", gettext_lazy("customer number"), "客户编号", "Customer number", "客户编码 编号 客户代码 code", short_reader(20)),
            ImportColumn(
                "name",
                pgettext_lazy("of a firm", "name"),
                "客户名称",
                "Customer",
                "名称 店名 企业名称 单位名称 字号 零售户名称 商户名称 name",
                short_reader(LONGEST_NAME),
                is_needed=True,
            ),
            ImportColumn("portfolio", gettext_lazy("portfolio"), "客户片区", "Portfolio", "片区 访销线路 线路 客户经理片区 portfolio", short_reader(60)),
            ImportColumn("kind", gettext_lazy("kind"), "客户类型", "Kind", "类型 客户类别 kind", choice_reader(KINDS, Customer.Kind)),
            ImportColumn(
                "licence_no", gettext_lazy("licence number"), "许可证号", "Licence number", "许可证号码 烟草专卖许可证 专卖证号 证号", own(read_licence)
            ),
            ImportColumn("licence_ends_on", gettext_lazy("licence ends on"), "许可证有效期至", "Licence ends", "有效期至 有效期 到期日 证件到期", read_date),
            ImportColumn("uscc", gettext_lazy("unified social credit code"), "统一社会信用代码", "Credit code", "信用代码 社会信用代码 uscc", own(read_uscc)),
            ImportColumn("market", gettext_lazy("market"), "市场类型", "Market", "市场 城乡 城乡类别 market", choice_reader(MARKETS, Customer.Market)),
            ImportColumn("trade", gettext_lazy("trade"), "业态", "Trade", "零售业态 经营业态 trade", choice_reader(TRADES, Customer.Trade)),
            ImportColumn("address", gettext_lazy("address"), "地址", "Address", "经营地址 店址 详细地址 送货地址 address", short_reader(200)),
            ImportColumn("phones", gettext_lazy("telephone of the shop"), "电话", "Telephone", "联系电话 店铺电话 固定电话 手机 手机号 phone", read_phones),
            ImportColumn("remark", gettext_lazy("remark"), "备注", "Remark", "说明 remark note", short_reader(1_000)),
        ),
        telling=("name", "licence_no", "code"),
    )

    def present(self) -> Present:
        found = Present()
        phones: dict[int, set[str]] = defaultdict(set)
        points = ReachPoint.objects.filter(ended_on__isnull=True, contact__isnull=True)
        for root, normal, extension in points.values_list("customer__root", "normal", "extension"):
            phones[root].add(phone_key(normal, extension))
        names = dict(Portfolio.objects.values_list("pk", "name"))
        for pk, code, name in Portfolio.objects.filter(closed_on__isnull=True).values_list("pk", "code", "name"):
            found.portfolios |= {code: names[pk], name: name}
        codes = {}
        rows = Customer.objects.order_by("pk").values("pk", "root", "code", "portfolio", "name_core", *SIMPLE)
        for row in rows:
            if row["pk"] == row["root"]:
                codes[row["pk"]] = row["code"]
                values = {field: row[field] or None for field in SIMPLE}
                found[row["code"]] = values | {"portfolio": names[row["portfolio"]], "phones": tuple(sorted(phones[row["pk"]])) or None}
                found.named[row["name_core"]].append(row["code"])
        for row in rows:
            for field in ("code", *OWN):
                if row[field]:
                    found.known[field, row[field]] = codes[row["root"]]
        return found

    def identify(self, line: Line, present: Mapping[Any, Mapping[str, Any]], meanings: Meanings) -> Any:
        """The number of a customer that is there, by any number of their own; else what the line says, or its row."""
        assert isinstance(present, Present)
        for field in ("code", *OWN):
            if (field, line.values.get(field, "")) in present.known:
                return present.known[field, line.values[field]]
        return line.values.get("code") or f"#{line.number}"

    def plan(self, lines: Sequence[Line], job: Job) -> Plan[PlannedLine]:
        present = self.present()
        self._refuse_doubles(lines)
        for line in lines:
            self._refuse_strange(line, present)
        return super().plan(lines, job)

    def _refuse_doubles(self, lines: Sequence[Line]) -> None:
        """What is twice in the file itself: by a number of its own, or new by name and telephone or address."""
        rows: dict[tuple[str, Any], list[int]] = defaultdict(list)
        for line in lines:
            for field in OWN:
                if field in line.values:
                    rows[field, line.values[field]].append(line.number)
            if "name" in line.values and not any(field in line.values for field in ("code", *OWN)):
                rows["name", (name_core(line.values["name"]), line.values.get("phones"), line.values.get("address"))].append(line.number)
        for (field, _value), numbers in rows.items():
            if len(numbers) > 1:
                for line in lines:
                    if line.number in numbers:
                        others = _(", ").join(str(number) for number in numbers if number != line.number)
                        line.faults.append(Fault(field, _("Row %(rows)s is about the same.") % {"rows": others}))

    def _refuse_strange(self, line: Line, present: Present) -> None:
        values = line.values
        known = {present.known[field, values[field]] for field in ("code", *OWN) if (field, values.get(field, "")) in present.known}
        if len(known) > 1:
            words = _(", ").join(sorted(known))
            line.faults.append(Fault("code", _("The numbers of this line belong to different customers: %(codes)s.") % {"codes": words}))
        if "portfolio" in values:
            if values["portfolio"] in present.portfolios:
                values["portfolio"] = present.portfolios[values["portfolio"]]
            else:
                line.faults.append(Fault("portfolio", _("There is no portfolio “%(name)s”.") % {"name": values["portfolio"]}))
        elif not known:
            line.faults.append(Fault("portfolio", _("%(field)s is missing.") % {"field": self.columns.label_of("portfolio")}))
        if known or any(field in values for field in ("code", *OWN)) or "name" not in values:
            return
        alike = present.named.get(name_core(values["name"])[:LONGEST_NAME], [])
        if alike:
            sentence = _("Perhaps the same as %(codes)s. Write their customer number, or a licence number for a new one.")
            line.faults.append(Fault("name", sentence % {"codes": _(", ").join(alike[:3])}))

    def _planned(self, line: Line, key: Any, before: Mapping[str, Any] | None, rows: Sequence[int]) -> PlannedLine:
        if "phones" in line.values and before:  # numbers of a file are added, none is taken away
            line.values["phones"] = tuple(sorted({*(before["phones"] or ()), *line.values["phones"]}))
        planned = super()._planned(line, key, before, rows)
        planned.label = line.values.get("name") or (before or {}).get("name") or ""
        if before is None:
            planned.values["code"] = line.values.get("code") or ""
        return planned

    def say(self, field: str, value: Any) -> str:
        if field == "phones":
            return "、".join(value or ())
        if field in ("kind", "market", "trade") and value:
            return str(dict(Customer._meta.get_field(field).flatchoices).get(value, value))  # type: ignore[union-attr]
        return super().say(field, value)

    def write(self, line: PlannedLine, *, actor: Any) -> None:
        raise NotImplementedError

    def apply(self, plan: Plan[PlannedLine], *, actor: Any, on_progress: Progress) -> None:
        """New ones by the hundred, changed ones one by one, all in one intake that can be undone."""
        new = [line.values for line in plan.effects if line.kind == "new"]
        changed = [line for line in plan.effects if line.kind != "new"]
        portfolios = {portfolio.name: portfolio for portfolio in Portfolio.objects.filter(closed_on__isnull=True)}
        intake = begin_intake(actor=actor)
        for start in range(0, len(new), CHUNK):
            on_progress(start, len(plan.effects))
            bring_new(intake, new[start : start + CHUNK], portfolios=portfolios, actor=actor)
        for done, line in enumerate(changed, len(new)):
            on_progress(done, len(plan.effects))
            bring_changes(intake, line.key, {name: line.values[name] for name in line.changes}, portfolios=portfolios, actor=actor)
        on_progress(len(plan.effects), len(plan.effects))

    def template_rows(self) -> Iterator[list[Any]]:
        for code, row in self.present().items():
            yield [code if one.code == "code" else self.say(one.code, row[one.code]) for one in self.filled]

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"intakes": Intake.objects.select_related("actor", "undone_by")[:20]}
