"""Someone who lost their phone is helped by the keepers, and administrators only by administrators."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from tests.cast import Cast

Sign = Callable[[User], Client]
SECRET = "JBSWY3DPEHPK3PXP"


def test_a_keeper_removes_a_persons_second_factors_and_others_may_not(cast: Cast, client_for: Sign) -> None:
    TOTP.activate(cast.inspector, SECRET)
    TOTP.activate(cast.admin, SECRET)
    grant_capability("organization.manage", rule=AudienceRule.of([person_token(cast.head.pk)]), actor=cast.admin)
    address = f"/organization/people/{cast.inspector.pk}/second-factors/removal/"
    assert client_for(cast.operator).post(address).status_code == 403
    assert client_for(cast.head).get(address).status_code == 405
    assert client_for(cast.head).post(f"/organization/people/{cast.admin.pk}/second-factors/removal/").status_code == 403
    assert client_for(cast.head).post(address).status_code == 302
    assert list(Authenticator.objects.values_list("user", flat=True)) == [cast.admin.pk]
    assert AuditRecord.objects.get(verb="second_factors.removed").actor == cast.head


def test_who_may_ask_why_finds_the_question_on_the_thing(cast: Cast, client_for: Sign) -> None:
    address = f"/organization/people/{cast.inspector.pk}/"
    question = f"/access/why/accounts.user/{cast.inspector.pk}/"
    assert question in client_for(cast.admin).get(address).content.decode()
    assert question not in client_for(cast.head).get(address).content.decode()
    assert client_for(cast.admin).get(question, {"person": "10004"}).context["explanation"].allowed
    assert not client_for(cast.admin).get(question, {"person": "c-2001"}).context["explanation"].allowed
