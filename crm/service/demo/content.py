"""The service desk of the demo plant: what was asked in the last days, in all states."""

from datetime import timedelta

from django.utils import timezone

from crm.customers.models import Customer, PortfolioHolding
from crm.service.demo.texts import HANDED, REQUESTS, WAITS
from crm.service.models import Request
from crm.service.services.keeping import renew_dues
from crm.service.services.requests import answer_request, hand_on_request, note_request, solve_request, wait_for_customer
from crm.service.services.rules import set_response_rule
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import AudienceRule, department_token
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content

EACH = 5
CHANNELS = ("phone", "phone", "visit", "page", "mail")
RULES = (("", "", 8, 24), ("", "key", 4, 16), ("", "strategic", 2, 8), ("supply", "", 4, 24), ("project", "", 16, 80))


def build_service(plant: Plant) -> None:
    """For each portfolio some requests, noted by its holder or by another at the desk; some late, some waiting, some solved."""
    keeper = User.objects.filter(is_superuser=True).order_by("pk").first()
    holdings = list(PortfolioHolding.objects.on(plant.day).select_related("person", "portfolio").order_by("pk"))
    if keeper is None or not holdings:
        return
    for capability in ("service.desk", "service.rules"):
        audience = Audience.objects.for_rule(AudienceRule.of([department_token(plant.departments["SAL"].pk, with_below=False)]))
        CapabilityGrant.objects.create(capability=capability, audience=audience)
    refresh_people(None)
    for kind, tier, answer_hours, solve_hours in RULES:
        set_response_rule(actor=keeper, kind=kind, tier=tier, answer_hours=answer_hours, solve_hours=solve_hours)
    for place, holding in enumerate(holdings):
        actor, other = User.objects.get(pk=holding.person_id), User.objects.get(pk=holdings[(place + 1) % len(holdings)].person_id)
        for customer in Customer.objects.filter(portfolio=holding.portfolio, kind="retailer", ended_on__isnull=True).order_by("-code")[:EACH]:
            _request(plant, actor, other, customer)
    renew_dues()


def _request(plant: Plant, actor: User, other: User, customer: Customer) -> None:
    random = plant.random
    kind, text, answer, solution = random.choice(REQUESTS)
    made = note_request(actor=actor, customer=customer, kind=kind, channel=random.choice(CHANNELS), text=text)
    fate = random.randrange(8)
    begun = timezone.now() - timedelta(hours=random.randrange(1, 20 if fate < 3 else 60))
    Request.objects.filter(pk=made.pk).update(noted_at=begun, started_at=begun)
    if fate:
        answer_request(made, actor=actor, text=answer)
    if fate == 1 and other.pk != actor.pk:
        hand_on_request(made, actor=actor, to=other, note=HANDED)
    elif fate == 2:
        wait_for_customer(made, actor=actor, reason=random.choice(WAITS))
    elif fate > 3:
        solve_request(made, actor=actor, text=solution)
        hours = random.randrange(1, 6)
        Request.objects.filter(pk=made.pk).update(answered_at=begun + timedelta(hours=1), solved_at=begun + timedelta(hours=hours))


register_content(77, build_service)
