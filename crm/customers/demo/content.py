"""Retailers of the demo plant, in the portfolios of its account managers: three years of moves, changed names, calls and promises."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from crm.customers.demo.texts import AGREEMENT, CALLS, KINDS, KNOWN, KNOWN_SINCE, MANAGERS_SAY, OWNERS, PROMISES, SHOPS, STREETS, TACTICS
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
)
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import AudienceRule, department_token, position_token
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content
from portal.organization.models import Employment

MANAGER = "account_manager"
FIRST = "10007"  # 王伟
MOST_MANAGERS = 12
EACH = 60
DAYS = 3 * 365
LIVES = ("development", "growth", "maturity", "maturity", "maturity", "termination")
LINES = ("城南一线", "城南二线", "城南三线", "城北一线", "城北二线", "城东一线", "城东二线", "城西一线", "河西一线", "河西二线", "县城一线", "乡镇一线")


def build_customers(plant: Plant) -> None:
    """Each manager holds one portfolio; every third one took it over from another a year or two ago."""
    posts = Employment.objects.current().primary().filter(position__code=MANAGER).select_related("person", "department").order_by("pk")
    managers = sorted(posts, key=lambda post: (post.person.employee_number != FIRST, post.pk))[:MOST_MANAGERS]
    if not managers:
        return
    _grant("customers.keep", department_token(plant.departments["SAL"].pk, with_below=False))
    for capability in ("customers.read", "customers.read_phones"):
        _grant(capability, position_token(plant.positions["driver"].pk))
    portfolios = [_portfolio(plant, place, post, managers) for place, post in enumerate(managers)]
    customers = _customers(plant, portfolios)
    _people(plant, customers)
    _history(plant, customers)
    _people_as_known(customers)
    _dealings(plant, customers, {portfolio.pk: post.person for portfolio, post in zip(portfolios, managers, strict=True)})
    _dossiers(plant, customers, managers[0].person)
    StageTactic.objects.bulk_create(StageTactic(stage=stage, text=text) for stage, text in TACTICS.items())
    refresh_people(None)


def _grant(capability: str, token: str) -> None:
    CapabilityGrant.objects.create(capability=capability, audience=Audience.objects.for_rule(AudienceRule.of([token])))


def _portfolio(plant: Plant, place: int, post: Employment, managers: list[Employment]) -> Portfolio:
    portfolio = Portfolio.objects.create(code=f"PQ{place + 1:02}", name=LINES[place], department=post.department)
    begun = plant.day - timedelta(days=DAYS)
    earlier = managers[(place + 1) % len(managers)].person
    if place % 3 == 0 and earlier != post.person:
        moved = plant.day - timedelta(days=180 + 30 * place)
        PortfolioHolding.objects.create(portfolio=portfolio, person=earlier, starts_on=begun, ends_on=moved - timedelta(days=1))
        begun = moved
    PortfolioHolding.objects.create(portfolio=portfolio, person=post.person, starts_on=begun, reason="轮岗" if place % 3 == 0 else "")
    return portfolio


def _customers(plant: Plant, portfolios: list[Portfolio]) -> list[Customer]:
    drafts, random = [], plant.random
    for place, portfolio in enumerate(portfolios):
        names = random.sample([(street, shop) for street in STREETS for shop in SHOPS], EACH)
        for number, (street, shop) in enumerate(names):
            kind, trade = random.choice(KINDS)
            customer = Customer(
                code=f"4301{place + 1:02}{number + 1:05}",
                name=f"{street}{shop}{kind}",
                kind="prospect" if number % 29 == 28 else "retailer",
                stage=random.choice(LIVES) if number % 29 != 28 else "potential",
                trade=trade,
                market="country" if portfolio.name.startswith(("乡镇", "县城")) else "town",
                licence_no=f"430103{place + 1:02}{number + 1:04}" if number % 29 != 28 else "",
                licence_ends_on=plant.day + timedelta(days=random.randrange(-20, 1_600)) if number % 29 != 28 else None,
                address=f"长沙市{street}{random.randrange(1, 400)}号",
                portfolio=portfolio,
                created_at=timezone.now() - timedelta(days=random.randrange(400, DAYS)),
            )
            customer.prepare()
            drafts.append(customer)
    made = Customer.objects.bulk_create(drafts, batch_size=500)
    for customer in made:
        customer.root_id = customer.pk  # the database has set it
    return made


def _people(plant: Plant, customers: list[Customer]) -> None:
    random = plant.random
    contacts = [
        Contact(
            customer=customer,
            name=random.choice(OWNERS),
            role="店主",
            agreed_on=plant.day - timedelta(days=random.randrange(30, 700)) if place % 7 else None,
            purpose="订货与送货" if place % 7 else "",
        )
        for place, customer in enumerate(customers)
    ]
    Contact.objects.bulk_create(contacts, batch_size=500)
    points = []
    for place, contact in enumerate(contacts):
        number = f"13{random.randrange(10**8, 10**9)}"
        points.append(ReachPoint(customer=contact.customer, contact=contact, shown=f"{number[:3]} {number[3:7]} {number[7:]}", normal=number))
        if place % 3 == 0:
            shop = f"0731{random.randrange(8 * 10**7, 9 * 10**7)}"
            points.append(ReachPoint(customer=contact.customer, shown=f"{shop[:4]}-{shop[4:]}", normal=shop))
    ReachPoint.objects.bulk_create(points, batch_size=500)


def _history(plant: Plant, customers: list[Customer]) -> None:
    """What the file said before this plant was built: from when it was taken up, some under an earlier name."""
    begun = {row: known.lower for row, known in CustomerVersion.objects.open().values_list("row", "known")}
    versions = []
    for place, customer in enumerate(customers):
        values = {field.attname: getattr(customer, field.attname) for field in Customer._meta.concrete_fields if not field.primary_key}
        changed = customer.created_at + timedelta(days=200)
        if place % 9 == 0:
            before = values | {"name": values["name"].replace(values["name"][-3:], "食杂店"), "earlier_names": ""}
            versions.append(CustomerVersion(row=customer.pk, known=(customer.created_at, changed), reason="", **before))
            versions.append(CustomerVersion(row=customer.pk, known=(changed, begun[customer.pk]), reason="招牌更换", **values))
        else:
            versions.append(CustomerVersion(row=customer.pk, known=(customer.created_at, begun[customer.pk]), reason="", **values))
    CustomerVersion.objects.bulk_create(versions, batch_size=500)


def _people_as_known(customers: list[Customer]) -> None:
    """People and numbers were there as long as the customer."""
    since = {customer.pk: customer.created_at for customer in customers}
    for versions in (ContactVersion, ReachPointVersion):
        earlier = []
        for version in versions.objects.open():
            values = {field.attname: getattr(version, field.attname) for field in version._meta.concrete_fields if field.attname != "version"}
            earlier.append(versions(**{**values, "known": (since[version.customer_id], version.known.lower)}))
        versions.objects.bulk_create(earlier, batch_size=500)


def _dossiers(plant: Plant, customers: list[Customer], keeper: User) -> None:
    """Every fifth has an agreement of this year, every eleventh more that is known; one that was written anew replaces what stood there."""
    random, year = plant.random, plant.day.year
    entries = []
    for place, customer in enumerate(customers[::5]):
        ends = plant.day + timedelta(days=random.randrange(-10, 300))
        number = f"XY-{year}-{place + 1:03}"
        starts, made_at = ends - timedelta(days=364), timezone.now() - timedelta(days=random.randrange(30, 300))
        entries.append(
            DossierEntry(
                customer=customer,
                heading="agreement",
                text=AGREEMENT,
                number=number,
                starts_on=starts,
                ends_on=ends,
                author=keeper,
                made_at=made_at,
            )
        )
    for customer in customers[::11]:
        heading, text = random.choice(KNOWN)
        entries.append(DossierEntry(customer=customer, heading=heading, text=text, source="走访", author=keeper, made_at=timezone.now() - timedelta(days=90)))
    before = DossierEntry.objects.bulk_create(entries)[-1]
    DossierEntry.objects.create(customer=before.customer, heading=before.heading, text=KNOWN_SINCE, source="季度走访", author=keeper, replaces=before)


def _dealings(plant: Plant, customers: list[Customer], managers: dict[int, User]) -> None:
    random, rows = plant.random, []
    for place, customer in enumerate(customers):
        author = managers[customer.portfolio_id]
        for turn in range(random.randrange(0, 4)):
            day = plant.day - timedelta(days=random.randrange(1, 40) + 60 * turn)
            at = timezone.make_aware(datetime.combine(day, time(random.randrange(8, 17), random.randrange(60))))
            kind, text = random.choice(CALLS)
            rows.append(Dealing(customer=customer, kind=kind, text=text, happened_at=at, author=author))
        if place % 17 == 0:
            at = timezone.now() - timedelta(days=2, minutes=place)
            due = plant.day + timedelta(days=random.randrange(-2, 9))
            rows.append(
                Dealing(
                    customer=customer,
                    kind="call",
                    text=random.choice(MANAGERS_SAY),
                    happened_at=at,
                    author=author,
                    promise=random.choice(PROMISES),
                    due_on=due,
                )
            )
    Dealing.objects.bulk_create(rows, batch_size=500)


register_content(70, build_customers)
