"""A launch as somebody sees it: where it was shown at visits, who carries it, how it sells week by week, what is said. Each number is the count of a list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet, Sum
from django.utils import timezone

from crm.activities.models import Visit
from crm.customers.models import Customer
from crm.marketing.channel import customers_in_channel
from crm.marketing.days import moment_of
from crm.marketing.models import Campaign, CampaignTarget, ChannelStock, LaunchOpinion
from crm.marketing.policies import works_with_marketing
from crm.orders.models import OrderLine
from portal.access.policies import can, visible_to

FIGURES = ("targets", "shown", "missing", "carrying", "again", "dry", "heard")
WEEK = timedelta(days=7)
NET = ExpressionWrapper(F("quantity") - F("cancelled") - F("returned"), output_field=BigIntegerField())


def sees_launch(user: Any, campaign: Campaign) -> bool:
    """Who sees the campaign; once it has started everyone who works with marketing, each with their own customers."""
    if not campaign.is_launch:
        return False
    return bool((not campaign.is_planned and works_with_marketing(user)) or can(user, "view", campaign))


def launches_of(customer: Customer) -> QuerySet[Campaign]:
    """Those that run and are for this file."""
    targets = CampaignTarget.objects.filter(customer__root=customer.root_id, is_held_out=False).order_by().values("campaign")
    return Campaign.objects.filter(is_launch=True, state=Campaign.State.RUNNING, pk__in=targets)


@dataclass(frozen=True, slots=True)
class Launch:
    """The rows of a launch's days that are about those for whom it is, not those held out."""

    campaign: Campaign

    @property
    def targets(self) -> QuerySet[Any]:
        return CampaignTarget.objects.filter(campaign=self.campaign.pk, is_held_out=False).order_by().values("customer__root")

    @property
    def moments(self) -> tuple[Any, Any]:
        first, after = self.campaign.during()
        return moment_of(first), moment_of(after)

    def visits(self) -> QuerySet[Visit]:
        """At which it was shown: by purpose, and somebody was met."""
        first, after = self.moments
        rows = Visit.objects.filter(purpose=Visit.Purpose.LAUNCH, outcome=Visit.Outcome.MET, arrived_at__gte=first, arrived_at__lt=after)
        return rows.filter(customer__root__in=self.targets).order_by()

    def lines(self) -> QuerySet[OrderLine]:
        first, after = self.moments
        rows = OrderLine.objects.filter(order__placed_at__gte=first, order__placed_at__lt=after, product__in=self.campaign.products.order_by().values("pk"))
        return rows.filter(order__customer__root__in=self.targets).annotate(net=NET).filter(net__gt=0).order_by()

    def stocks(self) -> QuerySet[ChannelStock]:
        first, after = self.campaign.during()
        rows = ChannelStock.objects.filter(day__gte=first, day__lt=after, product__in=self.campaign.products.order_by().values("pk"))
        return rows.filter(customer__root__in=self.targets).order_by()

    def of_figure(self, figure: str) -> Q:
        """The customers that a figure counts."""
        shown, buyer = self.visits().values("customer__root"), "order__customer__root"
        match figure:
            case "targets":
                return Q(pk__in=self.targets)
            case "shown":
                return Q(pk__in=shown)
            case "missing":
                return Q(pk__in=self.targets) & ~Q(pk__in=shown)
            case "carrying":
                return Q(pk__in=self.lines().values(buyer)) | Q(pk__in=self.stocks().filter(quantity__gt=0).values("customer__root"))
            case "again":
                orders = self.lines().values(buyer).annotate(orders=Count("order", distinct=True))
                return Q(pk__in=orders.filter(orders__gt=1).values(buyer))
            case "dry":
                return Q(pk__in=self.stocks().filter(quantity=0).values("customer__root"))
            case "heard":
                return Q(pk__in=LaunchOpinion.objects.filter(campaign=self.campaign.pk).order_by().values("customer__root"))
        return Q(pk__in=[])


@dataclass(slots=True)
class Week:
    """`shown` and `carrying` are customers until then; `sold` is of this week alone."""

    first: date
    shown: set[int] = field(default_factory=set)
    carrying: set[int] = field(default_factory=set)
    sold: int = 0


def by_weeks(first: date, after: date, shown: Iterable[tuple[int, date]], sold: Iterable[tuple[int, date, int]]) -> list[Week]:
    """Seven days each from the first day on; the last may be shorter. Pure."""
    weeks = [Week(first + number * WEEK) for number in range(-(-(after - first).days // 7))]
    for customer, day in shown:
        for week in weeks[(day - first).days // 7 :]:
            week.shown.add(customer)
    for customer, day, quantity in sold:
        place = (day - first).days // 7
        weeks[place].sold += quantity
        for week in weeks[place:]:
            week.carrying.add(customer)
    return weeks


@dataclass(slots=True)
class Satisfied:
    """How many were how satisfied, from 1 to 5, and the mean; None of none."""

    party: str
    counts: dict[int, int]

    @property
    def number(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        return sum(liking * number for liking, number in self.counts.items()) / self.number if self.number else None

    @property
    def content(self) -> float | None:
        """The share of those who are satisfied or more."""
        return (self.counts[4] + self.counts[5]) / self.number if self.number else None


class LaunchSeen:
    """What one reader sees of it."""

    def __init__(self, user: Any, campaign: Campaign) -> None:
        self.user, self.launch = user, Launch(campaign)
        self.customers = customers_in_channel(user).order_by()

    def numbers(self) -> dict[str, int]:
        rows = self.customers.filter(pk__in=self.launch.targets)
        return {figure: rows.filter(self.launch.of_figure(figure)).count() for figure in FIGURES}

    def weeks(self) -> list[Week]:
        own = self.customers.values("pk")
        shown = self.launch.visits().filter(customer__root__in=own).values_list("customer__root", "arrived_at")
        lines = self.launch.lines().filter(order__customer__root__in=own)
        sold = lines.values_list("order__customer__root", "order__placed_at").annotate(sum=Sum("net"))
        return by_weeks(
            *self.launch.campaign.during(),
            [(root, timezone.localtime(at).date()) for root, at in shown],
            [(root, timezone.localtime(at).date(), number) for root, at, number in sold],
        )

    def satisfied(self) -> list[Satisfied]:
        rows = visible_to(LaunchOpinion, self.user).filter(campaign=self.launch.campaign.pk).order_by()
        found = {(party, liking): number for party, liking, number in rows.values_list("party", "liking").annotate(number=Count("pk"))}
        return [Satisfied(party, {liking: found.get((party, liking), 0) for liking in range(1, 6)}) for party in LaunchOpinion.Party.values]
