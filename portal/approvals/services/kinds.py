"""Kinds of papers: publishing versions, and bringing what the release ships in step."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

from portal.access.models import Audience
from portal.access.policies import visible_to
from portal.access.rules import EVERYONE, AudienceRule, department_token
from portal.approvals.definitions.forms import digest, read_form
from portal.approvals.definitions.routes import check_route, read_route
from portal.approvals.models import FormVersion, PaperKind, RouteVersion
from portal.approvals.moments import moment
from portal.approvals.shipped import shipped_kinds
from portal.audit.services import record
from portal.organization.models import Department

SHIPPING_LOCK = 482214


@transaction.atomic
def publish_kind(kind: PaperKind, *, fields: list[Any], steps: list[Any], tables: list[Any] | None = None, actor: Any) -> PaperKind:
    """A new version of form or route where it differs from the one of now. Refuses what could not work, and a key whose type would change (DefinitionError)."""
    tables = tables or []
    form, route = read_form(fields, tables), read_route(steps)
    form_digest = digest({"fields": fields, "tables": tables}) if tables else digest(fields)
    check_route(route, form)
    stored = PaperKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    now = moment()
    if stored.form is None or stored.form.sha256 != form_digest:
        number = FormVersion.objects.filter(kind=stored).count() + 1
        stored.form = FormVersion.objects.create(
            kind=stored, number=number, fields=fields, tables=tables, sha256=form_digest, published_at=now, published_by=actor
        )
    if stored.route is None or stored.route.sha256 != digest(steps):
        number = RouteVersion.objects.filter(kind=stored).count() + 1
        stored.route = RouteVersion.objects.create(kind=stored, number=number, steps=steps, sha256=digest(steps), published_at=now, published_by=actor)
    stored.save(update_fields=["form", "route"])
    record(actor, "kind.published", stored, after={"form": stored.form.number, "route": stored.route.number})
    return stored


@transaction.atomic
def ship_kinds(codes: Collection[str] | None = None) -> None:
    """Every kind that the release ships is there, or those of these codes. One that the plant has drawn anew keeps its own version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SHIPPING_LOCK])
    departments = dict(Department.objects.values_list("code", "pk"))
    for shipped in shipped_kinds():
        if codes is not None and shipped.code not in codes:
            continue
        kind = PaperKind.objects.filter(code=shipped.code).select_related("form", "route").first()
        if kind is not None and kind.shipped_sha256 == shipped.sha256:
            continue
        if kind is None:
            tokens = [department_token(departments[code]) for code in shipped.begun_by if code in departments]
            audience = Audience.objects.for_rule(AudienceRule.of(tokens or [EVERYONE]))
            kind = PaperKind.objects.create(code=shipped.code, audience=audience, **shipped.words)
        is_own = (kind.form and kind.form.published_by_id) or (kind.route and kind.route.published_by_id)
        if not is_own:
            publish_kind(kind, fields=shipped.fields, steps=shipped.steps, tables=shipped.tables, actor=None)
        PaperKind.objects.filter(pk=kind.pk).update(shipped_sha256=shipped.sha256, follow_up=shipped.words["follow_up"])


def bring_in_step() -> None:
    """Ship what the release ships where it is not there as the release says it: at each start, and when the plant gets its first departments.

    A plant without departments is left as it is, as nobody could say yet whose the kinds are.
    """
    wanted = {(one.code, one.sha256) for one in shipped_kinds()}
    if not wanted <= set(PaperKind.objects.values_list("code", "shipped_sha256")) and Department.objects.exists():
        ship_kinds()


def kinds_for(user: Any) -> list[PaperKind]:
    """The kinds of which this person may begin a paper."""
    return list(visible_to(PaperKind, user).filter(is_open=True, form__isnull=False).select_related("form", "route").order_by("order", "pk"))
