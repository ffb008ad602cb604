"""Searching a board: its own posts alone, words from the middle of a sentence, and only what the reader may see."""

import pytest

from forum.services.moderation import hide_post, move_thread
from tests.forum.writing import fresh, make_board, make_thread, moderators_duty, post_of, quality_board
from tests.search.indexing import settle, start_afresh


@pytest.fixture(autouse=True)
def index(db):
    start_afresh()


def test_a_board_is_searched_by_words_in_the_middle_of_a_sentence(cast, client_for):
    duty = moderators_duty(cast, cast.head)
    board, other = make_board(cast, duty=duty), make_board(cast, "别的版块")
    narrow = quality_board(cast, duty=duty)
    thread = make_thread(board, cast.inspector, body="<p>夜班换牌号以后五号嘴棒发射机总堵料。</p>")
    make_thread(other, cast.inspector, title="另一处", body="<p>嘴棒发射机在别的版块。</p>")
    make_thread(narrow, cast.inspector, title="内部", body="<p>嘴棒发射机在质检内部。</p>")
    settle()
    client = client_for(cast.operator)

    def found(place, words: str = "棒发射") -> str:
        answer = client.get(place.get_absolute_url(), {"q": words})
        assert answer.status_code == 200
        return answer.text.replace("<mark>", "").replace("</mark>", "")

    assert "嘴棒发射机总堵料" in found(board)
    for elsewhere in ("在别的版块。", "在质检内部。"):
        assert elsewhere not in found(board)
    assert "没有符合条件的帖子" in found(board, "根本没有")
    assert client.get(narrow.get_absolute_url(), {"q": "棒发射"}).status_code == 404
    assert "在质检内部。" in client_for(cast.deputy).get(narrow.get_absolute_url(), {"q": "棒发射"}).text.replace("<mark>", "").replace("</mark>", "")

    hide_post(actor=fresh(cast.head), post=post_of(thread, 1), reason="不妥")
    assert "嘴棒发射机总堵料" not in found(board), "at once, before the index has heard of it"
    settle()
    assert "嘴棒发射机总堵料" not in found(board)


def test_what_is_moved_is_found_where_it_is_now(cast, client_for):
    duty = moderators_duty(cast, cast.head)
    board, target = make_board(cast, duty=duty), make_board(cast, "别的版块", duty=duty)
    thread = make_thread(board, cast.inspector, cast.deputy, body="<p>嘴棒发射机总堵料。</p>")
    move_thread(actor=fresh(cast.head), thread=thread, board=target)
    settle()
    client = client_for(cast.operator)
    assert "总堵料" not in client.get(board.get_absolute_url(), {"q": "发射机"}).text
    assert "总堵料" in client.get(target.get_absolute_url(), {"q": "发射机"}).text
