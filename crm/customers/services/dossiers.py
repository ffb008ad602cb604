"""The dossier: something is added, or takes the place of what was known before."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.customers.errors import CustomersError
from crm.customers.models import Customer, DossierEntry, PortfolioHolding
from crm.customers.notifications import DOSSIER_ENDS
from crm.customers.services.customers import lock_customer
from portal.attachments.queries import attachments_on
from portal.attachments.services import copy_file, hang_files
from portal.audit.services import record
from portal.notifications.services import notify
from portal.organization.querysets import today


@transaction.atomic
def add_to_dossier(
    customer: Customer,
    *,
    actor: Any,
    heading: str,
    text: str,
    number: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    source: str = "",
    file_ids: Sequence[UUID] = (),
    replaces: DossierEntry | None = None,
) -> DossierEntry:
    """Write an entry. With `replaces` it takes that one's place, which stays to be read; its files come along where they were kept."""
    held = lock_customer(customer, actor=actor)
    if starts_on and ends_on and ends_on < starts_on:
        raise CustomersError(_("The last day is before the first. Exchange them."))
    if replaces is not None:
        _refuse_replaced(held, replaces)
    made = DossierEntry.objects.create(
        customer=held,
        heading=DossierEntry.Heading(heading),
        text=text.strip(),
        number=number.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        source=source.strip(),
        author=actor,
        replaces=replaces,
    )
    hang_files(actor=actor, about=made, shown=_own(actor, file_ids, replaces))
    record(actor, "dossier.replaced" if replaces else "dossier.added", held, after={"heading": str(made.get_heading_display()), "number": made.number})
    return made


@transaction.atomic
def tell_of_ends() -> int:
    """A month before an agreement or a certificate ends, whoever holds the portfolio is told, once. How many entries were told of."""
    ending = DossierEntry.objects.filter(pk__in=DossierEntry.objects.ending(today()).values("pk"))
    locked = list(ending.order_by("pk").select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    rows = DossierEntry.objects.filter(pk__in=locked).select_related("customer__root").order_by("pk")
    holders = dict(PortfolioHolding.objects.on(today()).values_list("portfolio", "person"))
    for row in rows:
        customer = row.customer.root
        if holder := holders.get(customer.portfolio_id):
            words = {"entry": row.number or row.text[:40], "customer": customer.name, "day": f"{row.ends_on:%Y-%m-%d}"}
            notify(DOSSIER_ENDS, words=words, about=row, recipients=[holder], url=reverse("crm:dossier_entry", args=[customer.pk, row.pk]))
    return rows.update(end_told=True)


def _refuse_replaced(customer: Customer, entry: DossierEntry) -> None:
    if not DossierEntry.objects.of(customer).filter(pk=entry.pk).exists():
        raise CustomersError(_("There is no such entry in this dossier."))
    later = DossierEntry.objects.filter(replaces=entry.pk).select_related("author").first()
    if later is not None:
        raise CustomersError(_("%(person)s has replaced this entry meanwhile. Open the newer one.") % {"person": later.author.name})


def _own(actor: Any, file_ids: Sequence[UUID], before: DossierEntry | None) -> list[UUID]:
    """What hung on the earlier entry stays there, and hangs on the new one as a copy."""
    kept = {row.pk: row for row in attachments_on(before)} if before is not None else {}
    return [copy_file(actor=actor, attachment=kept[pk]).pk if pk in kept else pk for pk in file_ids]
