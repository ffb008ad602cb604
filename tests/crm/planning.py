"""Plans, and what was sold against them, as tests make them."""

from typing import Any
from uuid import uuid4

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.orders.models import Handling
from crm.orders.services.handling import deliver_order, return_goods
from crm.plans.models import Plan, PlanLine, PlanVersion
from crm.plans.papers import CODE, TARGET
from crm.plans.services.asking import settle_version, submit_version
from crm.plans.services.plans import Part, begin_plan, split_line, state_of
from portal.approvals.models import PaperKind
from portal.approvals.services.kinds import publish_kind
from portal.organization.querysets import today
from tests.approvals.writing import approve, make_kind, person, step
from tests.cast import Cast
from tests.crm.dealing import order
from tests.crm.writing import fresh


def sell(cast: Cast, customer: Customer, product: Product, number: int, *, seller: Any = None) -> Handling:
    """Ordered and delivered at once."""
    placed = order(seller or cast.admin, customer, {product: number})
    return deliver_order(placed, actor=fresh(cast.admin), quantities={placed.lines.get().pk: number}, key=uuid4())


def bring_back(cast: Cast, handling: Handling, number: int) -> Handling:
    line = handling.order.lines.get()
    return return_goods(handling.order, actor=fresh(cast.admin), quantities={line.pk: number}, reason="破损", key=uuid4())


def make_plan(cast: Cast, actor: Any, **values: Any) -> Plan:
    """This year's money of 销售科: 1,000,000.00."""
    defaults = {"department": cast.sales, "period": "year", "day": today(), "measure": "money", "amount": 100_000_000, "reason": "年度计划"}
    return begin_plan(actor=fresh(actor), **(defaults | values))


def top(plan: Plan) -> PlanLine:
    return PlanLine.objects.get(version__plan=plan, version__number=plan.versions.count(), parent__isnull=True)


def split(line: PlanLine, actor: Any, held_back: int, *parts: tuple[Any, int], seen: str = "") -> PlanLine:
    """Parts are people or departments with their amounts."""
    line = PlanLine.objects.get(pk=line.pk)
    made = [Part(line.department, one, amount) if hasattr(one, "is_employee") else Part(one, None, amount) for one, amount in parts]
    return split_line(line, actor=fresh(actor), seen=seen or state_of(line, list(line.parts.all())), held_back=held_back, parts=made)


def lay_paper(cast: Cast) -> None:
    """The director alone decides on plans."""
    if not PaperKind.objects.filter(code=CODE).exists():
        made = make_kind(step("a", person(cast.director)), code=CODE, prefix="销计分", fields=TARGET["fields"])
        publish_kind(made, fields=TARGET["fields"], tables=TARGET["tables"], steps=[step("a", person(cast.director))], actor=None)


def publish(cast: Cast, plan: Plan, actor: Any) -> PlanVersion:
    """Submitted and approved."""
    lay_paper(cast)
    version = submit_version(plan.versions.order_by("-number")[0], actor=fresh(actor))
    assert version.paper is not None
    approve(version.paper, cast.director)
    settled = settle_version(version.paper.pk)
    assert settled is not None
    return settled
