"""What a restore does to the private addresses of feeds."""

import pytest
from django.urls import reverse

from bulletin.services.feeds import renew_feed_address
from portal.backup.after_restore import works_after_restore

pytestmark = pytest.mark.django_db


def test_a_restored_portal_answers_at_no_address_that_may_have_been_ended_since(client, cast):
    address = reverse("bulletin:feed", args=[renew_feed_address(actor=cast.inspector)])
    assert client.get(address).status_code == 200
    dict(works_after_restore())["the private addresses of feeds end"]()
    assert client.get(address).status_code == 404
    assert client.get(reverse("bulletin:feed", args=[renew_feed_address(actor=cast.inspector)])).status_code == 200
