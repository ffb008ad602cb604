"""What should not be sent and is: each gets its sentence, and what was typed is in the answer."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from forum.models import Post, Thread, Waiting
from forum.services.moderation import hide_post, move_thread, report_post, set_closed
from forum.services.posts import MOST_IN, edit_post
from tests.forum.masked import anonymous_board, make_crowd, make_officers, rounds
from tests.forum.writing import fresh, let_moderate_all, make_board, make_thread, moderators_duty, post_of, quality_board

__all__ = ["rounds"]


@pytest.fixture
def thread(cast):
    return make_thread(make_board(cast, duty=moderators_duty(cast, cast.workshop_head)), cast.head, cast.operator)


def test_half_a_million_characters_a_hidden_quotation_and_ten_posts_a_second(cast, client_for, thread):
    client, address = client_for(cast.inspector), reverse("forum:reply", args=[thread.pk])
    long = client.post(address, {"body": f"<p>{'长' * 500_000}</p>"})
    assert long.status_code == 422
    assert "500,007" in long.text or "500007" in long.text
    assert "长" * 500_000 in long.text
    hide_post(actor=fresh(cast.workshop_head), post=post_of(thread, 2), reason="点名")
    quoting = client.post(address, {"body": "<p>就是这句</p>", "quote": "2"})
    assert quoting.status_code == 422
    assert "就是这句" in quoting.text
    assert "引用" in quoting.text
    most = MOST_IN[min(MOST_IN)]
    answers = [client.post(address, {"body": f"<p>刷 {number}</p>"}) for number in range(most + 1)]
    assert [answer.status_code for answer in answers] == [302] * most + [422]
    assert f"刷 {most}" in answers[-1].text


def test_a_reply_to_what_was_moved_or_closed_meanwhile_and_an_edit_meanwhile(cast, client_for, thread):
    client, address = client_for(cast.operator), reverse("forum:reply", args=[thread.pk])
    set_closed(actor=fresh(cast.workshop_head), thread=thread, wanted=True)
    refused = client.post(address, {"body": "<p>晚了</p>"})
    assert refused.status_code == 403
    assert "已关闭" in refused.text
    let_moderate_all(cast, cast.workshop_head)
    move_thread(actor=fresh(cast.workshop_head), thread=thread, board=quality_board(cast))
    assert client.post(address, {"body": "<p>晚了</p>"}).status_code == 404, "the tab keeps what was typed, for nothing says that it has arrived"
    with pytest.raises(PermissionDenied):
        edit_post(actor=fresh(cast.operator), post=post_of(Thread.objects.get(pk=thread.pk), 2), body="<p>改</p>")
    assert Post.objects.filter(thread=thread).count() == 2


def test_a_picture_that_moves_or_is_too_large_is_no_anonymous_one(cast, client_for, rounds):
    make_crowd(cast)
    make_officers(cast)
    thread = make_thread(anonymous_board(cast), cast.head)
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    for name, content in (("动图.gif", moving.getvalue()), ("大图.png", b"\x89PNG" + b"0" * 8_000_001)):
        sent = {"voice": "mask", "words": "见图", "pictures": SimpleUploadedFile(name, content)}
        answer = client_for(cast.operator).post(reverse("forum:reply", args=[thread.pk]), sent)
        assert answer.status_code == 422
        assert "匿名帖" in answer.text
        assert "见图" in answer.text
    assert not Waiting.objects.exists()


def test_counts_fall_by_nothing_when_a_post_is_hidden_twice_and_moved(cast, thread):
    """NodeBB#923, boinc#659."""
    case = report_post(actor=fresh(cast.inspector), post=post_of(thread, 2), reason="不妥")
    hide_post(actor=fresh(cast.workshop_head), post=post_of(thread, 2), reason="点名")
    with pytest.raises(PermissionDenied):
        hide_post(actor=fresh(cast.workshop_head), post=post_of(thread, 2), reason="再来")
    let_moderate_all(cast, cast.workshop_head)
    move_thread(actor=fresh(cast.workshop_head), thread=thread, board=quality_board(cast))
    moved = Thread.objects.get(pk=thread.pk)
    assert (moved.last_number, moved.reply_count, moved.posts.count()) == (2, 1, 2)
    case.refresh_from_db()
    assert case.state == "hidden"
