"""Those who take part in one thing: who may see it, why, and that page, search and bell follow."""

import pytest

from bulletin.services.boards import board_of
from portal.access.participation import add_readers, remove_readers, replace_readers
from portal.access.policies import can, decide, viewers_of, visible_to
from portal.access.rules import department_token, person_token
from portal.access.words import explain
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from portal.outbox.models import Effect
from portal.search.models import Waiting
from tests.bulletin.writing import audience, write
from tests.papers.models import Paper, Slip
from tests.search.indexing import paper, settle, start_afresh, titles


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_who_takes_part_sees_a_thing_that_nobody_else_sees(cast):
    slip = Slip.objects.create(title="付款审批单")
    assert not visible_to(Slip, cast.operator).exists()
    add_readers(slip, [person_token(cast.operator.pk), f"head:{cast.quality.pk}"], actor=cast.admin)
    assert [can(fresh(person), "view", slip) for person in (cast.operator, cast.head, cast.inspector, cast.admin)] == [True, True, False, False]
    assert set(viewers_of(slip)) == {cast.operator, cast.head, cast.deputy}
    assert [list(visible_to(Slip, fresh(person))) for person in (cast.head, cast.inspector)] == [[slip], []]
    remove_readers(slip, [person_token(cast.operator.pk)], actor=cast.admin)
    assert not can(fresh(cast.operator), "view", slip)
    assert Effect.objects.filter(kind="standings.changed", payload__user_ids=[cast.operator.pk]).exists()
    assert AuditRecord.objects.filter(verb="readers.changed").count() == 2


def test_a_level_is_asked_of_those_who_take_part(cast):
    slip = Slip.objects.create(title="涉密审批单")
    replace_readers(slip, [department_token(cast.quality.pk)], actor=cast.admin, least_level=3)
    assert [can(fresh(person), "view", slip) for person in (cast.head, cast.inspector)] == [True, False]
    replace_readers(slip, [department_token(cast.quality.pk)], actor=cast.admin, least_level=0)
    assert list(visible_to(Slip, fresh(cast.inspector))) == [slip]


def test_the_same_again_changes_nothing_and_a_wrong_token_is_refused(cast):
    slip = Slip.objects.create(title="审批单")
    add_readers(slip, [person_token(cast.operator.pk)], actor=cast.admin)
    since = slip.readers.get().since
    add_readers(slip, [person_token(cast.operator.pk)], actor=cast.admin)
    assert slip.readers.get().since == since
    assert AuditRecord.objects.filter(verb="readers.changed").count() == 1
    for token in ("user:0", "user:1;", "operator", ""):
        with pytest.raises(ValueError, match="not a token"):
            add_readers(slip, [token], actor=cast.admin)
    with pytest.raises(LookupError):
        add_readers(slip, [person_token(cast.head.pk)], actor=cast.admin, reason="unheard of")
    assert slip.readers.count() == 1


def test_why_says_by_what_somebody_takes_part(cast):
    written = paper("说明", department_token(cast.quality.pk))
    add_readers(written, [person_token(cast.operator.pk)], actor=cast.admin, reason="signed")
    operator = fresh(cast.operator)
    explanation = explain(operator, "see", written, decide(operator, "view", written))
    assert explanation.allowed
    assert explanation.reasons[0] == "signed it"
    assert operator.name in explanation.reasons[1]
    inspector = fresh(cast.inspector)
    assert decide(inspector, "view", written).audience == written.audience


def test_what_somebody_takes_part_in_is_found_and_no_longer_when_that_ends(cast):
    start_afresh()
    written = paper("季度考核单", department_token(cast.quality.pk), exclude=(person_token(cast.operator.pk),))
    settle()
    assert titles(cast.operator, "季度考核单") == []
    add_readers(written, [person_token(cast.operator.pk)], actor=cast.admin)
    assert Waiting.objects.filter(source="papers", object_id=written.pk).exists()
    settle()
    assert titles(cast.operator, "季度考核单") == titles(cast.inspector, "季度考核单") == ["季度考核单"]
    assert titles(cast.salesperson, "季度考核单") == []
    remove_readers(written, [person_token(cast.operator.pk)], actor=cast.admin)
    assert titles(cast.operator, "季度考核单") == []
    settle()
    assert titles(cast.operator, "季度考核单") == []
    start_afresh()


def test_publishers_find_what_their_department_has_published_for_others(cast):
    start_afresh()
    write(board_of(cast.quality), cast.head, title="抽样复检安排", audience=audience(department_token(cast.workshop.pk)))
    settle()
    assert titles(cast.head, "抽样复检安排") == titles(cast.operator, "抽样复检安排") == ["抽样复检安排"]
    assert titles(cast.inspector, "抽样复检安排") == []
    start_afresh()


def test_papers_with_readers_are_listed_once(cast):
    written = paper("一次")
    add_readers(written, [person_token(cast.operator.pk), department_token(cast.workshop.pk)], actor=cast.admin)
    assert list(visible_to(Paper, fresh(cast.operator))) == [written]
