"""Opportunities and quotations by name, number and customer, for those who write the customer's file. No sum is in any index."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.searched import follow_customers
from crm.sales.models import Opportunity, Quotation
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in


def _opportunities() -> QuerySet[Opportunity]:
    return Opportunity.objects.select_related("customer__root__portfolio", "product")


def _opportunity_drafts(rows: QuerySet[Opportunity]) -> Iterator[tuple[int, Draft]]:
    for row in rows:
        customer = row.customer.root
        said = " ".join(part for part in (customer.name, customer.code, row.product.name if row.product else "", row.next_step) if part)
        yield (
            row.pk,
            Draft(
                kind="opportunity",
                title=row.name,
                url=row.get_absolute_url(),
                rule=None,
                taking_part=taking_part_in(row),
                names=(row.name, customer.name),
                text=[(None, said)],
                department_id=row.department_id,
                dated_at=row.stage_since,
            ),
        )


def _quotations() -> QuerySet[Quotation]:
    return Quotation.objects.select_related("customer__root__portfolio")


def _quotation_drafts(rows: QuerySet[Quotation]) -> Iterator[tuple[int, Draft]]:
    for row in rows:
        customer = row.customer.root
        yield (
            row.pk,
            Draft(
                kind="quotation",
                title=f"{row.number} {customer.name}",
                url=row.get_absolute_url(),
                rule=None,
                taking_part=taking_part_in(row),
                names=(row.number, customer.name),
                text=[(None, f"{row.number} {customer.name} {customer.code}")],
                department_id=customer.portfolio.department_id,
                dated_at=row.begun_at or timezone.now(),
                number=row.number,
            ),
        )


follow_customers(Opportunity)
follow_customers(Quotation)
register_kind(Kind("opportunity", pgettext_lazy("of an opportunity", "Opportunity"), _("Opportunities"), "target", order=74))
register_kind(Kind("quotation", _("quotation"), _("Quotations"), "banknote", order=75))
register_source(Source("opportunities", Opportunity, _opportunities, _opportunity_drafts))
register_source(Source("quotations", Quotation, _quotations, _quotation_drafts))
