"""Retailers of the demo plant, 10,000 where it has 300 people: three years of moves, changed names, merged files, calls and promises."""

from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg import sql

from crm.customers.demo.places import CallLine, call_lines
from crm.customers.demo.texts import AGREEMENT, CALLS, KINDS, KNOWN, KNOWN_SINCE, MANAGERS_SAY, OWNERS, PROMISES, SHOPS, SUFFIXES, TACTICS
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
from crm.customers.services.merges import merge_customers
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import AudienceRule, department_token, position_token
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.foundation.history import Version
from portal.organization.demo import Plant, register_content
from portal.organization.models import Employment

MANAGER = "account_manager"
FIRST = "10007"  # 王伟
MOST_MANAGERS, MOST_EACH, FEWEST_EACH = 27, 371, 60
DAYS, BATCH = 3 * 365, 2_000
LIVES = ("development", "growth", "maturity", "maturity", "maturity", "termination")
AS_LONG = """
    INSERT INTO {versions} ({columns}, known)
    SELECT {their_columns}, tstzrange(customer.created_at, lower(known)) FROM {versions} version
    JOIN customers_customer customer ON customer.id = version.{customer} WHERE upper_inf(known) AND NOT customer.id = ANY(%s)
"""
TWICE = 6  # shops that were entered twice and are one file since


def build_customers(plant: Plant) -> None:
    """Each manager holds one portfolio; every third one took it over from another a year or two ago."""
    posts = Employment.objects.current().primary().filter(position__code=MANAGER).select_related("person", "department").order_by("pk")
    managers = sorted(posts, key=lambda post: (post.person.employee_number != FIRST, post.pk))[:MOST_MANAGERS]
    if not managers:
        return
    _grant("customers.keep", department_token(plant.departments["SAL"].pk, with_below=False))
    for capability in ("customers.read", "customers.read_phones"):
        _grant(capability, position_token(plant.positions["driver"].pk))
    lines = call_lines(len(managers))
    portfolios = [_portfolio(plant, place, line, managers) for place, line in enumerate(lines)]
    customers = _customers(plant, lines, portfolios)
    _people(plant, customers)
    _history(customers, portfolios)
    _dealings(plant, customers, {portfolio.pk: post.person for portfolio, post in zip(portfolios, managers, strict=True)})
    _dossiers(plant, customers, managers[0].person)
    StageTactic.objects.bulk_create(StageTactic(stage=stage, text=text) for stage, text in TACTICS.items())
    refresh_people(None)
    _merged(plant, customers)


def _grant(capability: str, token: str) -> None:
    CapabilityGrant.objects.create(capability=capability, audience=Audience.objects.for_rule(AudienceRule.of([token])))


def _portfolio(plant: Plant, place: int, line: CallLine, managers: list[Employment]) -> Portfolio:
    post = managers[place]
    portfolio = Portfolio.objects.create(code=f"PQ{place + 1:02}", name=line.name, department=post.department)
    begun = plant.day - timedelta(days=DAYS)
    if before := _held_before(plant, place, managers):
        person, until, reason = before
        PortfolioHolding.objects.create(portfolio=portfolio, person=person, starts_on=begun, ends_on=until - timedelta(days=1))
        begun, said = until, reason
    else:
        said = ""
    PortfolioHolding.objects.create(portfolio=portfolio, person=post.person, starts_on=begun, reason=said)
    return portfolio


def _held_before(plant: Plant, place: int, managers: list[Employment]) -> tuple[User, date, str] | None:
    """Who held a portfolio earlier, and until when: a colleague for every third, who moved on; for some, somebody who has left the plant."""
    earlier = managers[(place + 1) % len(managers)].person
    if place % 3 == 0 and earlier != managers[place].person:
        return earlier, plant.day - timedelta(days=180 + 30 * (place % 12)), "轮岗"
    gone = Employment.objects.filter(position__code=MANAGER, ends_on__lt=plant.day, person__is_active=False).order_by("pk")
    if place % 9 == 1 and (left := gone[place // 9 : place // 9 + 1]) and left[0].ends_on > plant.day - timedelta(days=DAYS):
        return left[0].person, left[0].ends_on, "离职交接"
    return None


def _customers(plant: Plant, lines: list[CallLine], portfolios: list[Portfolio]) -> list[Customer]:
    drafts, each = [], min(MOST_EACH, max(FEWEST_EACH, len(plant.people) * 5 // 4))
    for place, (line, portfolio) in enumerate(zip(lines, portfolios, strict=True)):
        for number, (street, shop, (kind, trade)) in enumerate(plant.random.sample(list(product(line.streets, SHOPS, KINDS)), each)):
            drafts.append(_customer(plant, line, portfolio, f"{place + 1:02}{number + 1:05}", f"{_short(street)}{shop}{kind}", street, trade))
    made = Customer.objects.bulk_create(drafts, batch_size=BATCH)
    for customer in made:
        customer.root_id = customer.pk  # the database has set it
    return made


def _short(street: str) -> str:
    return next((street.removesuffix(suffix) for suffix in SUFFIXES if street.endswith(suffix)), street)


def _customer(plant: Plant, line: CallLine, portfolio: Portfolio, number: str, name: str, street: str, trade: str) -> Customer:
    random, is_prospect = plant.random, int(number) % 29 == 28
    customer = Customer(
        code=f"4301{number}",
        name=name,
        kind="prospect" if is_prospect else "retailer",
        stage="potential" if is_prospect else random.choice(LIVES),
        trade=trade,
        market="country" if line.is_country else "town",
        licence_no="" if is_prospect else f"430103{number[:2]}{number[3:]}",
        licence_ends_on=None if is_prospect else plant.day + timedelta(days=random.randrange(-20, 1_600)),
        address=f"长沙市{line.county}{street}{random.randrange(1, 400)}号",
        portfolio=portfolio,
        created_at=timezone.now() - timedelta(days=random.randrange(400, DAYS)),
    )
    customer.prepare()
    return customer


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
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    points = []
    for place, contact in enumerate(contacts):
        number = f"13{random.randrange(10**8, 10**9)}"
        points.append(ReachPoint(customer=contact.customer, contact=contact, shown=f"{number[:3]} {number[3:7]} {number[7:]}", normal=number))
        if place % 3 == 0:
            shop = f"0731{random.randrange(8 * 10**7, 9 * 10**7)}"
            points.append(ReachPoint(customer=contact.customer, shown=f"{shop[:4]}-{shop[4:]}", normal=shop))
    ReachPoint.objects.bulk_create(points, batch_size=BATCH)


def _history(customers: list[Customer], portfolios: list[Portfolio]) -> None:
    """What was known before this plant was built: from when each was taken up, some under an earlier name or in another line of calls."""
    begun = {row: known.lower for row, known in CustomerVersion.objects.open().values_list("row", "known")}
    names = [field.attname for field in Customer._meta.concrete_fields if not field.primary_key]
    versions, changed_rows, changed = [], [], dict[str, Any]()
    for place, customer in enumerate(customers):
        if place % 9 == 0:
            changed, said = {"name": customer.name.replace(customer.name[-3:], "食杂店"), "earlier_names": ""}, "招牌更换"
        elif place % 13 == 0:
            changed, said = {"portfolio_id": portfolios[(place // 13) % len(portfolios)].pk}, "片区调整"
        else:
            continue
        values = {name: getattr(customer, name) for name in names}
        at = customer.created_at + timedelta(days=200)
        versions.append(CustomerVersion(row=customer.pk, known=(customer.created_at, at), reason="", **(values | changed)))
        versions.append(CustomerVersion(row=customer.pk, known=(at, begun[customer.pk]), reason=said, **values))
        changed_rows.append(customer.pk)
    CustomerVersion.objects.bulk_create(versions, batch_size=BATCH)
    _known_as_long(CustomerVersion, "id", but=changed_rows)
    for kept in (ContactVersion, ReachPointVersion):
        _known_as_long(kept, "customer_id", but=[])


def _known_as_long(kept: type[Version], customer: str, *, but: list[int]) -> None:
    """What is known now was so since the customer was taken up; people and numbers as long as the customer."""
    columns = [sql.Identifier(field.column) for field in kept._meta.concrete_fields if field.column and field.column not in {"version", "known"}]
    names = {
        "versions": sql.Identifier(kept._meta.db_table),
        "columns": sql.SQL(", ").join(columns),
        "their_columns": sql.SQL(", ").join(sql.SQL("version.{}").format(column) for column in columns),
        "customer": sql.Identifier(customer),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(AS_LONG).format(**names), [but])


def _merged(plant: Plant, customers: list[Customer]) -> None:
    """Shops that were entered twice, the second time under a sign of their own; the keeper put them together."""
    keeper = User.objects.get(pk=plant.heads["SAL"].pk)  # as whom the rights that were just granted hold
    for customer in customers[40 : 40 + 7 * TWICE : 7]:
        second = Customer(code=f"{customer.code}-2", name=f"{customer.name}（新）", kind="retailer", trade=customer.trade, portfolio=customer.portfolio)
        second.prepare()
        second.save()
        second.refresh_from_db()
        merge_customers(customer, second, actor=keeper, reason="同一门店重复建档")


def _people_as_known(customers: list[Customer]) -> None:
    """People and numbers were there as long as the customer."""
    since = {customer.pk: customer.created_at for customer in customers}
    for versions in (ContactVersion, ReachPointVersion):
        earlier = []
        for version in versions.objects.open():
            values = {field.attname: getattr(version, field.attname) for field in version._meta.concrete_fields if field.attname != "version"}
            earlier.append(versions(**{**values, "known": (since[version.customer_id], version.known.lower)}))
        versions.objects.bulk_create(earlier, batch_size=BATCH)


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
    Dealing.objects.bulk_create(rows, batch_size=BATCH)


register_content(70, build_customers)
