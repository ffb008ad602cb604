"""Anonymous posts: who may, how they wait and are released, masks, taking back, muting, unsealing by two."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from forum.errors import DecidedError, ForumError, TooManyPostsError
from forum.masks import own_masks
from forum.models import Ceremony, Mute, Post, Seal, Thread, Waiting
from forum.sealing import limits, months
from forum.sealing.limits import MOST_IN_ROUND
from forum.sealing.months import destroy_old_keys
from forum.sealing.rounds import ROUND
from forum.services.masked import QUEUE, release_waiting, withdraw_masked
from forum.services.moderation import close_case, report_post, restore_post
from forum.services.muting import lift_mute, mute_author
from forum.services.posts import post_reply, start_thread
from forum.services.unsealing import answer_unsealing, ask_to_unseal, make_role_key, open_seal, pass_half, see_result, take_share, unsealed_in
from portal.access.rules import AudienceRule, department_token
from portal.attachments.queries import shown_on
from portal.audit.models import AuditRecord
from portal.notifications.models import Notification
from portal.outbox.models import Trouble
from portal.outbox.services import drain
from portal.outbox.troubles import FEW_TRIES
from tests.attachments.samples import png
from tests.forum.masked import FIRST_PASSPHRASE, SECOND_PASSPHRASE, anonymous_board, make_crowd, make_officers, pass_round, reply_masked, rounds, send
from tests.forum.writing import fresh, let_moderate_all, make_board, make_thread, moderators_duty, post_of

__all__ = ["rounds"]
pytestmark = pytest.mark.usefixtures("rounds")


@pytest.fixture
def board(cast):
    """刘洋 moderates it."""
    make_crowd(cast)
    make_officers(cast)
    return anonymous_board(cast, duty=moderators_duty(cast, cast.workshop_head))


def test_an_anonymous_post_waits_for_its_round_and_stands_there_under_a_mask(cast, board, client_for):
    send(cast.operator, board)
    assert not Thread.objects.exists()
    assert release_waiting() == 0, "not in the round in which it came"
    assert pass_round() == 1
    thread = Thread.objects.get()
    post = thread.posts.get()
    assert (thread.author, thread.author_name, post.author_name) == (None, "匿名甲", "匿名甲")
    assert post.created_at.timestamp() % ROUND.total_seconds() == 0
    assert not Waiting.objects.exists()
    page = client_for(cast.inspector).get(thread.get_absolute_url()).text
    assert "匿名甲" in page
    assert "张强" not in page
    assert reply_masked(cast.inspector, thread).mask == 2
    assert reply_masked(cast.operator, thread, "补充一句。").mask == 1, "one mask for each person in a thread"
    other = make_thread(board, cast.head)
    assert reply_masked(cast.inspector, other).mask == 1, "and another in each thread"


def test_the_same_form_sent_twice_is_taken_in_once(cast, board):
    key = uuid4()
    send(cast.operator, board, key=key)
    send(cast.operator, board, key=key)
    assert pass_round() == 1
    send(cast.operator, board, key=key)
    assert not Waiting.objects.exists(), "also after it was released"


def test_it_is_refused_where_too_few_could_have_been_it_and_where_the_board_does_not_take_it(cast, board):
    small = anonymous_board(cast, "质检内部", rule=AudienceRule.of([department_token(cast.quality.pk)]))
    with pytest.raises(ForumError, match="3 人"):
        send(cast.inspector, small)
    with pytest.raises(PermissionDenied):
        send(cast.operator, make_board(cast, "实名"))
    with pytest.raises(PermissionDenied):
        send(cast.customer, board)
    with pytest.raises(ForumError):
        send(cast.operator, board, words=" \n ")
    with pytest.raises(ForumError):
        send(cast.operator, board, words="长" * 30_001)
    small.least_crowd = 3
    with pytest.raises(DatabaseError), transaction.atomic():
        small.save()
    make_role_key(actor=fresh(cast.deputy), passphrase=SECOND_PASSPHRASE)
    send(cast.operator, board)


def test_without_the_keys_of_both_sides_nothing_is_sealed(cast):
    make_crowd(cast)
    with pytest.raises(ForumError, match="专员"):
        send(cast.operator, anonymous_board(cast))


def test_too_many_in_a_round_are_refused_and_without_the_counters_all(cast, board, monkeypatch):
    for _turn in range(MOST_IN_ROUND):
        send(cast.operator, board)
    with pytest.raises(TooManyPostsError):
        send(cast.operator, board)
    send(cast.inspector, board)
    dead = limits.Redis.from_url("unix:///nowhere/valkey.sock")
    monkeypatch.setattr(limits, "_client", lambda: dead)
    with pytest.raises(ForumError):
        send(cast.head, board)


def test_a_clock_that_steps_back_over_a_round_neither_loses_nor_doubles(cast, board):
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        send(cast.operator, board)
    assert release_waiting() == 1
    assert release_waiting() == 0
    send(cast.inspector, board, Thread.objects.get())
    assert pass_round() == 1
    assert [post.number for post in Post.objects.order_by("number")] == [1, 2]


def test_one_that_cannot_be_released_holds_up_no_other_and_is_put_aside(cast, board):
    Waiting.objects.create(key=b"poison", round=0, title="没有版块", body="<p>坏的</p>", tag=b"-" * 16, month="2026-11")
    send(cast.operator, board)
    for turn in range(FEW_TRIES):
        pass_round(11 + 120 * turn)
    assert Thread.objects.count() == 1
    assert list(Trouble.objects.filter(queue=QUEUE, due_at__isnull=True).values_list("attempts", flat=True)) == [FEW_TRIES]
    assert Waiting.objects.count() == 1, "it is kept, and tried again by an operator"


def test_whoever_wears_the_mask_takes_the_post_back_and_nobody_else(cast, board, client_for):
    thread = make_thread(board, cast.head)
    post = reply_masked(cast.operator, thread)
    for person in (cast.inspector, cast.workshop_head):
        with pytest.raises(PermissionDenied):
            withdraw_masked(actor=fresh(person), post=post)
    assert "/withdrawal/" in client_for(cast.operator).get(thread.get_absolute_url()).text
    assert client_for(cast.operator).get(reverse("forum:post_update", args=[post.pk])).status_code == 403, "nobody edits it, by name or without"
    client_for(cast.operator).post(reverse("forum:post_withdrawal", args=[post.pk]))
    assert post_of(thread, 2).is_readable, "until its round, for the moment would say who was there"
    assert pass_round() == 1
    assert post_of(thread, 2).is_withdrawn
    assert "匿名甲" in client_for(cast.inspector).get(thread.get_absolute_url()).text
    assert not AuditRecord.objects.filter(verb="post.withdrawn", actor__isnull=False).exists()


def test_after_its_key_is_destroyed_a_mask_is_nobodys(cast, board):
    thread = make_thread(board, cast.head)
    post = reply_masked(cast.operator, thread)
    thread = Thread.objects.get(pk=thread.pk)
    assert own_masks(cast.operator, thread) == {1}
    assert destroy_old_keys() == []
    with time_machine.travel(timezone.now() + timedelta(days=130)):
        assert any(name.startswith("month-") for name in destroy_old_keys())
        assert own_masks(cast.operator, thread) == frozenset()
        with pytest.raises(PermissionDenied):
            withdraw_masked(actor=fresh(cast.operator), post=post)


def test_a_mask_is_muted_without_anybody_learning_whose_it_is(cast, board, client_for):
    thread = make_thread(board, cast.head)
    post = reply_masked(cast.operator, thread)
    with pytest.raises(PermissionDenied):
        mute_author(actor=fresh(cast.inspector), post=post, days=7, reason="不妥")
    mute = mute_author(actor=fresh(cast.workshop_head), post=post, days=7, reason="人身攻击")
    assert (mute.person, mute.board) == (None, None)
    with pytest.raises(ForumError) as masked:
        send(cast.operator, anonymous_board(cast, "另一版"))
    send(cast.inspector, board)
    assert post_reply(actor=fresh(cast.operator), thread=thread, body="<p>实名还能说</p>").author == cast.operator
    named = mute_author(actor=fresh(cast.workshop_head), post=post_reply(actor=fresh(cast.head), thread=thread, body="<p>刷屏</p>"), days=7, reason="刷屏")
    with pytest.raises(ForumError) as by_name:
        send(cast.head, board)
    assert str(masked.value) == str(by_name.value), "which of both it is, nobody is told"
    listed = client_for(cast.workshop_head).get(reverse("forum:mute_list")).text
    assert "匿名甲" in listed
    assert "张强" not in listed
    lift_mute(actor=fresh(cast.workshop_head), mute=mute)
    send(cast.operator, board)
    assert Mute.objects.get(pk=named.pk).lifted_at is None, "each is lifted by itself"


def test_no_moderator_decides_on_what_they_wrote_under_a_mask(cast, board):
    post = reply_masked(cast.workshop_head, make_thread(board, cast.head))
    case = report_post(actor=fresh(cast.inspector), post=post, reason="不实")
    with pytest.raises(ForumError):
        close_case(actor=fresh(cast.workshop_head), case=case, is_upheld=False, answer="没问题")
    let_moderate_all(cast, cast.admin)
    assert close_case(actor=fresh(cast.admin), case=case, is_upheld=True, answer="确有不实").state == "hidden"
    with pytest.raises(ForumError):
        restore_post(actor=fresh(cast.workshop_head), post=post, reason="我看可以")


def test_a_mute_by_name_is_of_one_board_ends_by_itself_and_is_told(cast, board):
    other = make_board(cast, "别的版")
    thread = make_thread(board, cast.operator)
    with pytest.raises(PermissionDenied):
        mute_author(actor=fresh(cast.workshop_head), post=post_of(thread, 1), days=3, reason="刷屏", is_everywhere=True)
    for days in (0, 61):
        with pytest.raises(ForumError):
            mute_author(actor=fresh(cast.workshop_head), post=post_of(thread, 1), days=days, reason="刷屏")
    mute_author(actor=fresh(cast.workshop_head), post=post_of(thread, 1), days=3, reason="刷屏")
    with pytest.raises(ForumError, match="刷屏"):
        post_reply(actor=fresh(cast.operator), thread=thread, body="<p>还想说</p>")
    with pytest.raises(ForumError):
        send(cast.operator, board)
    start_thread(actor=fresh(cast.operator), board=other, title="别处", body="<p>可以</p>")
    drain()
    assert Notification.objects.filter(recipient=cast.operator, kind="forum.muted").count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert post_reply(actor=fresh(cast.operator), thread=thread, body="<p>到期了</p>").number == 2
    let_moderate_all(cast, cast.admin)
    mute_author(actor=fresh(cast.admin), post=post_of(thread, 1), days=3, reason="屡犯", is_everywhere=True)
    with pytest.raises(ForumError):
        start_thread(actor=fresh(cast.operator), board=other, title="别处", body="<p>不可以</p>")


def test_a_seal_is_opened_by_two_officers_of_different_sides_and_by_nobody_else(cast, board, client_for):
    thread = make_thread(board, cast.head)
    post = reply_masked(cast.operator, thread)
    first, second = fresh(cast.salesperson), fresh(cast.deputy)
    for person in (cast.admin, cast.workshop_head, cast.inspector):
        with pytest.raises(PermissionDenied):
            ask_to_unseal(actor=fresh(person), post=post, reason="诽谤", reference="纪〔2026〕3 号")
    with pytest.raises(ForumError):
        ask_to_unseal(actor=first, post=post, reason="诽谤", reference=" ")
    with pytest.raises(ForumError):
        ask_to_unseal(actor=first, post=post_of(thread, 1), reason="实名的", reference="1")
    ceremony = ask_to_unseal(actor=first, post=post, reason="诽谤", reference="纪〔2026〕3 号")
    with pytest.raises(DecidedError):
        ask_to_unseal(actor=second, post=post, reason="再问", reference="2")
    for act in (pass_half, open_seal, see_result):
        with pytest.raises((DecidedError, PermissionDenied)):
            act(actor=first, ceremony=ceremony, passphrase=FIRST_PASSPHRASE)
    with pytest.raises(PermissionDenied):
        answer_unsealing(actor=first, ceremony=ceremony, is_agreed=True)
    answer_unsealing(actor=second, ceremony=ceremony, is_agreed=True)
    with pytest.raises(DecidedError):
        answer_unsealing(actor=second, ceremony=ceremony, is_agreed=False)
    with pytest.raises(ForumError):
        pass_half(actor=first, ceremony=ceremony, passphrase=SECOND_PASSPHRASE)
    pass_half(actor=first, ceremony=ceremony, passphrase=FIRST_PASSPHRASE)
    with pytest.raises(ForumError):
        open_seal(actor=second, ceremony=ceremony, passphrase="不对的口令 不对的口令")
    page = client_for(cast.deputy).post(reverse("forum:ceremony", args=[ceremony.pk]), {"act": "open", "passphrase": SECOND_PASSPHRASE})
    assert "张强" in page.text
    assert page["Cache-Control"] == "no-store"
    assert client_for(cast.deputy).post(reverse("forum:ceremony", args=[ceremony.pk]), {"act": "open", "passphrase": SECOND_PASSPHRASE}).status_code == 409
    assert see_result(actor=first, ceremony=ceremony, passphrase=FIRST_PASSPHRASE).person_id == cast.operator.pk
    with pytest.raises(DecidedError):
        see_result(actor=first, ceremony=ceremony, passphrase=FIRST_PASSPHRASE)
    records = AuditRecord.objects.filter(verb__startswith="unsealing.").order_by("pk")
    assert [row.verb for row in records] == [f"unsealing.{step}" for step in ("asked", "agreed", "passed", "opened", "seen")]
    assert records[3].after["unchanged"] is True
    assert not any("张强" in f"{row.after}{row.before}{row.object_label}" or str(cast.operator.pk) == row.after.get("person") for row in records)
    assert unsealed_in(timezone.localdate().year) == 1
    for person in (cast.inspector, cast.admin):
        assert "已揭示 1 名" in client_for(person).get(reverse("forum:anonymity")).text
        assert client_for(person).get(reverse("forum:ceremony", args=[ceremony.pk])).status_code == 404
    told = "已依程序揭示"
    assert told not in client_for(cast.inspector).get(thread.get_absolute_url()).text
    Ceremony.objects.filter(pk=ceremony.pk).update(opened_at=timezone.now() - timedelta(days=15))
    assert told in client_for(cast.inspector).get(thread.get_absolute_url()).text, "so is the author told, without a message that names them"


def test_seals_are_read_for_an_agreed_ceremony_alone_and_never_changed(cast, board):
    post = reply_masked(cast.operator, make_thread(board, cast.head))
    ceremony = ask_to_unseal(actor=fresh(cast.salesperson), post=post, reason="诽谤", reference="3")
    for statement in (Seal.objects.count, lambda: Seal.objects.update(box=b""), lambda: Seal.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()
    with transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM forum_open_seal(%s)", [ceremony.uuid])
        assert cursor.fetchone() == (0,)
    with pytest.raises(DatabaseError), transaction.atomic():
        Ceremony.objects.filter(pk=ceremony.pk).update(reason="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        Ceremony.objects.filter(pk=ceremony.pk).update(state="opened")


def test_what_was_not_agreed_to_in_three_days_is_asked_for_anew(cast, board):
    post = reply_masked(cast.operator, make_thread(board, cast.head))
    ceremony = ask_to_unseal(actor=fresh(cast.salesperson), post=post, reason="诽谤", reference="3")
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        with pytest.raises(ForumError):
            answer_unsealing(actor=fresh(cast.deputy), ceremony=ceremony, is_agreed=True)
        assert ask_to_unseal(actor=fresh(cast.deputy), post=post, reason="诽谤", reference="3").pk != ceremony.pk


def test_a_lost_passphrase_is_mended_with_the_printed_code(cast):
    make_crowd(cast)
    first, second, printed = make_officers(cast)
    board = anonymous_board(cast)
    post = reply_masked(cast.operator, make_thread(board, cast.head))
    with pytest.raises(ForumError):
        take_share(actor=first, code="aaaaaa-bbbbbb", passphrase="新的口令 新的口令")
    with pytest.raises(ForumError):
        take_share(actor=first, code=printed, passphrase="短")
    with pytest.raises(ForumError):
        take_share(actor=second, code=printed, passphrase="新的口令 新的口令")
    take_share(actor=first, code=printed, passphrase="新的口令 新的口令 第三个")
    ceremony = ask_to_unseal(actor=second, post=post, reason="诽谤", reference="3")
    answer_unsealing(actor=first, ceremony=ceremony, is_agreed=True)
    pass_half(actor=second, ceremony=ceremony, passphrase=SECOND_PASSPHRASE)
    assert open_seal(actor=first, ceremony=ceremony, passphrase="新的口令 新的口令 第三个").person_id == cast.operator.pk


def test_pictures_are_drawn_anew_and_nothing_else_is_taken(cast, board, client_for):
    thread = make_thread(board, cast.head)
    address = reverse("forum:reply", args=[thread.pk])

    def sent(name: str, content: bytes, words: str = "见图"):
        return client_for(cast.operator).post(address, {"voice": "mask", "words": words, "pictures": SimpleUploadedFile(name, content)})

    assert sent("工资条-张强.docx", b"PK\x03\x04 not a picture").status_code == 422
    assert "见图" in sent("张强.docx", b"nothing").text, "what was typed is kept"
    for words in ("见图一", "见图二"):
        assert sent("张强的工位.png", png(), words).status_code == 302
    assert pass_round() == 2
    files = [row for number in (2, 3) for row in shown_on(post_of(thread, number))]
    assert [row.name for row in files] == ["图片1.jpg", "图片1.jpg"]
    assert files[0].file_id != files[1].file_id, "the same picture sent twice is two files"
    assert all(row.uploaded_by_id is None and row.created_at == row.file.created_at for row in files)
    assert client_for(cast.inspector).get(reverse("attachments:file", args=[files[0].pk])).status_code == 200


def test_keys_are_readable_by_their_owner_alone(cast, board):
    send(cast.operator, board)
    [month] = months.folder().glob("month-*.key")
    assert month.stat().st_mode & 0o777 == 0o600
    assert months.folder().stat().st_mode & 0o777 == 0o700
