"""What the release ships is there from the start on; looking at it writes nothing."""

import pytest

from portal.approvals.models import FormVersion, PaperKind
from portal.approvals.shipped import shipped_kinds
from portal.runtime.at_start import bring_in_step
from tests.approvals.writing import shipped
from tests.cast import Cast


def test_looking_at_kinds_ships_none(cast: Cast, client_for) -> None:
    assert client_for(cast.inspector).get("/approvals/new/").status_code == 200
    assert client_for(cast.inspector).get("/approvals/new/other/").status_code == 404
    assert not PaperKind.objects.exists()


def test_the_start_ships_every_kind_once(cast: Cast) -> None:
    PaperKind.objects.filter(pk=shipped().pk).update(shipped_sha256="of an earlier release")
    bring_in_step()
    assert set(PaperKind.objects.values_list("code", "shipped_sha256")) == {(one.code, one.sha256) for one in shipped_kinds()}
    versions = FormVersion.objects.count()
    bring_in_step()
    assert FormVersion.objects.count() == versions


@pytest.mark.django_db
def test_a_plant_without_departments_is_left_for_later() -> None:
    bring_in_step()
    assert not PaperKind.objects.exists()
