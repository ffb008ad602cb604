"""A customer's file as it is read: today, or as it was known at the end of a past day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.customers.field_rights import DEALINGS, DOSSIER, PARTS, PHONES, TIERS
from crm.customers.models import (
    Contact,
    ContactVersion,
    Customer,
    CustomerVersion,
    Dealing,
    DossierEntry,
    Portfolio,
    PortfolioHolding,
    ReachPoint,
    ReachPointVersion,
    StageTactic,
    TierCare,
    TierSpan,
    TierSpanVersion,
)
from crm.customers.models.tiers import spans_on
from crm.customers.services.customers import WRITTEN, say_value
from portal.access.policies import can, visible_to
from portal.accounts.models import User
from portal.attachments.queries import shown_on_each
from portal.foundation.history import Change, changes_of
from portal.organization.querysets import today

MOST_DEALINGS = 30
OF_CUSTOMER = ("root_id", "name", "kind", "stage", "trade", "market", "uscc", "licence_no", "licence_ends_on", "address", "portfolio_id", "remark", "ended_on")
OF_CONTACT = ("name", "role", "remark", "purpose", "agreed_on", "agreed_until", "ended_on")
OF_POINT = ("shown", "extension", "ended_on")


@dataclass(slots=True)
class Person:
    """Somebody at the customer. `points` are empty for who may not know them; `hidden` says why there are none to see."""

    contact: Contact
    points: list[ReachPoint] = field(default_factory=list)
    hidden: str | Promise = ""


@dataclass(slots=True)
class File:
    """What stands in a file on a day."""

    customer: Customer
    day: date
    is_past: bool
    may_reach: bool
    parts: frozenset[str]
    people: list[Person]
    points: list[ReachPoint]
    holder: PortfolioHolding | None
    dealings: list[Dealing]
    promises: list[Dealing]
    has_more: bool = False
    tier: TierSpan | None = None
    care: TierCare | None = None
    tactic: StageTactic | None = None
    dossier: list[DossierEntry] = field(default_factory=list)

    @property
    def licence_state(self) -> str:
        return self.customer.licence_state(self.day)


def end_of(day: date) -> datetime:
    """The moment at which a day of the plant ends."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def read_file(customer: Customer, user: Any, *, on: date | None = None) -> File | None:
    """The file for this reader; None where nothing was known of the customer on that day."""
    day = on or today()
    is_past = on is not None and on < today()
    if is_past:
        moment = end_of(day)
        known = CustomerVersion.objects.at(moment).filter(row=customer.pk).first()
        if known is None:
            return None
        row = known.as_row()
        row.portfolio = Portfolio.objects.select_related("department").get(pk=row.portfolio_id)
        kin = list(CustomerVersion.objects.at(moment).filter(root_id=customer.pk).values_list("row", flat=True))
        contacts = [version.as_row() for version in ContactVersion.objects.at(moment).filter(customer_id__in=kin).order_by("row")]
        points = [version.as_row() for version in ReachPointVersion.objects.at(moment).filter(customer_id__in=kin).order_by("row")]
        dealt = Dealing.objects.filter(customer__in=kin, happened_at__lt=moment)
    else:
        row, dealt = customer, Dealing.objects.filter(customer__root=customer.pk)
        contacts, points = list(Contact.objects.filter(customer__root=customer.pk)), list(ReachPoint.objects.filter(customer__root=customer.pk))
    may_reach = can(user, "reach", customer)
    parts = frozenset(PARTS) if may_reach else frozenset(part for part in PARTS if can(user, part, customer))
    tier = _tier(customer, day, end_of(day) if is_past else None) if TIERS in parts else None
    dealings = list(dealt.select_related("author")[: MOST_DEALINGS + 1]) if DEALINGS in parts else []
    return File(
        customer=row,
        day=day,
        is_past=is_past,
        may_reach=may_reach,
        parts=parts,
        people=_people(contacts, points, day, may_reach),
        points=[point for point in points if point.contact_id is None and _lasts(point, day)] if PHONES in parts else [],
        holder=PortfolioHolding.objects.on(day).filter(portfolio=row.portfolio_id).select_related("person").first(),
        dealings=dealings[:MOST_DEALINGS],
        promises=[] if is_past or DEALINGS not in parts else _promises(customer, dealings),
        has_more=len(dealings) > MOST_DEALINGS,
        tier=tier,
        care=TierCare.objects.filter(tier=tier.tier).first() if tier is not None and not is_past else None,
        tactic=StageTactic.objects.filter(stage=row.stage).exclude(text="").first() if row.stage and TIERS in parts and not is_past else None,
        dossier=_dossier(customer, day) if DOSSIER in parts else [],
    )


def _dossier(customer: Customer, day: date) -> list[DossierEntry]:
    """What was known at the end of a day, in the order of the headings; each with its files, and whether it ends."""
    order = {heading: place for place, heading in enumerate(DossierEntry.Heading.values)}
    entries = sorted(DossierEntry.objects.of(customer).latest_at(end_of(day)).select_related("author"), key=lambda entry: order[entry.heading])
    files = shown_on_each(entries)
    for entry in entries:
        entry.files, entry.state = files[entry.pk], entry.end_state(day)
    return entries


def _tier(customer: Customer, day: date, moment: datetime | None) -> TierSpan | None:
    """The tier of a day: as decided by what is approved now, or as it was known at a moment."""
    if moment is None:
        return spans_on(day).filter(customer=customer.pk).select_related("decision__paper").first()
    known = TierSpanVersion.objects.at(moment).filter(customer_id=customer.pk, starts_on__lte=day, ends_on__gte=day).first()
    return None if known is None else known.as_row()


def _promises(customer: Customer, dealings: Sequence[Dealing]) -> list[Dealing]:
    """What is promised and not kept: among the latest dealings, or asked for where these are not all."""
    if len(dealings) > MOST_DEALINGS:
        rows = Dealing.objects.filter(customer__root=customer.pk, due_on__isnull=False, kept_at__isnull=True)
        return list(rows.select_related("author").order_by("due_on", "pk"))
    return sorted((row for row in dealings if row.due_on is not None and row.kept_at is None), key=lambda row: (row.due_on, row.pk))


def _people(contacts: Sequence[Contact], points: Sequence[ReachPoint], day: date, may_reach: bool) -> list[Person]:
    """Numbers of people are shown to who may know them, while the person agrees."""
    numbers: dict[int | None, list[ReachPoint]] = defaultdict(list)
    for point in points:
        if _lasts(point, day):
            numbers[point.contact_id].append(point)
    found = []
    for contact in contacts:
        if not _lasts(contact, day):
            continue
        if not may_reach:
            found.append(Person(contact))
        elif contact.agrees_on(day):
            found.append(Person(contact, numbers[contact.pk]))
        else:
            found.append(Person(contact, hidden=gettext_lazy("Numbers are shown once they have agreed.") if numbers[contact.pk] else ""))
    return found


def _lasts(row: Any, day: date) -> bool:
    return row.ended_on is None or row.ended_on > day


@dataclass(frozen=True, slots=True)
class SaidChange:
    """A change in words: when, by whom, why, and of what."""

    at: datetime
    who: str
    reason: str
    lines: tuple[tuple[str, str, str], ...]
    is_first: bool
    about: str
    model: type[Model]


def read_changes(customer: Customer, user: Any) -> list[SaidChange]:
    """What was changed in the file, newest first; how people are reached is told to who may know it."""
    may_reach = can(user, "reach", customer)
    files = dict(Customer.objects.filter(root=customer.pk).values_list("pk", "name"))
    about = files | {customer.pk: ""}
    found: list[tuple[str, type[Model], Change]] = [
        (about[change.row], Customer, change) for change in changes_of(CustomerVersion.objects.filter(row__in=files), OF_CUSTOMER)
    ]
    if may_reach:
        contacts = ContactVersion.objects.filter(customer_id__in=files)
        names = {version.row: version.name for version in contacts.order_by("version")}
        points = ReachPointVersion.objects.filter(customer_id__in=files)
        of_contact = {version.row: names.get(version.contact_id, "") for version in points}
        found += [(names[change.row], Contact, change) for change in changes_of(contacts, OF_CONTACT)]
        found += [(of_contact[change.row], ReachPoint, change) for change in changes_of(points, OF_POINT)]
    people = dict(User.objects.filter(pk__in={change.by for _about, _model, change in found if change.by}).values_list("pk", "name"))
    portfolios = dict(Portfolio.objects.values_list("pk", "name"))
    others = {value for _about, _model, change in found for name, *values in change.fields if name == "root_id" for value in values if value} - set(files)
    files |= dict(visible_to(Customer, user).filter(pk__in=others).values_list("pk", "name"))
    said = [_said(name, model, change, people, portfolios, files) for name, model, change in found]
    return sorted(said, key=lambda one: one.at, reverse=True)


def _said(about: str, model: Any, change: Change, people: dict[int, str], portfolios: dict[int, str], files: dict[int, str]) -> SaidChange:
    def say(name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name == "root_id":
            return "" if value == change.row else files.get(value, "")
        if name == "portfolio_id":
            return portfolios.get(value, "")
        return say_value(None, name, value) if model is Customer and name in WRITTEN else str(value)

    said = ((str(model._meta.get_field(name.removesuffix("_id")).verbose_name), say(name, old), say(name, new)) for name, old, new in change.fields)
    lines = tuple(line for line in said if line[1] or line[2])
    return SaidChange(change.at, people.get(change.by or 0, _("the portal")), change.reason, lines, change.is_first, about, model)
