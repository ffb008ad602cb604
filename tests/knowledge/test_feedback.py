"""Readers say whether it was of use, and what they would change; those who answer for it learn what, and of the first not who."""

import pytest

from knowledge.errors import KnowledgeError
from knowledge.models import EditSuggestion, Usefulness
from knowledge.services.feedback import answer_suggestion, say_usefulness, suggest_change
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.knowledge.writing import admitted, audience, fresh

pytestmark = pytest.mark.django_db


def test_usefulness_is_said_once_of_a_version_and_may_be_changed(client_for, cast, article):
    reader = client_for(cast.operator)
    path = f"/knowledge/articles/{article.pk}/usefulness/"
    assert reader.post(path, {"useful": "yes", "version": 1}, headers={"HX-Request": "true"}).status_code == 200
    assert reader.post(path, {"useful": "no", "version": 1, "reason": "没有图"}).status_code == 302
    assert Usefulness.objects.values_list("is_useful", "reason").get() == (False, "没有图")
    assert reader.post(path, {"useful": "yes", "version": 7}, headers={"HX-Request": "true"}).status_code == 422


def test_who_answers_for_it_reads_the_reasons_without_names_and_readers_read_neither(client_for, cast, article):
    say_usefulness(article, actor=fresh(cast.operator), is_useful=False, version_number=1, reason="没有图")
    owner = client_for(cast.inspector).get(f"/knowledge/articles/{article.pk}/").content.decode()
    assert "没有图" in owner
    assert "张强" not in owner
    assert "没有图" not in client_for(cast.salesperson).get(f"/knowledge/articles/{article.pk}/").content.decode()


def test_who_may_not_read_it_can_say_nothing_of_it(client_for, cast, category):
    own = admitted(category, cast.inspector, cast.head, audience=audience(f"dept:{cast.quality.pk}+"))
    stranger = client_for(cast.operator)
    assert stranger.post(f"/knowledge/articles/{own.pk}/usefulness/", {"useful": "yes", "version": 1}).status_code == 404
    assert stranger.get(f"/knowledge/articles/{own.pk}/suggestions/new/").status_code == 404
    with pytest.raises(KnowledgeError):
        suggest_change(own, actor=fresh(cast.operator), text="改")


def test_a_suggestion_goes_to_who_answers_for_it_and_the_answer_comes_back(client_for, cast, article):
    reader, owner = client_for(cast.operator), client_for(cast.inspector)
    asked = reader.get(f"/knowledge/articles/{article.pk}/suggestions/new/?quoted=先清洗吸丝带&anchor=s2").content.decode()
    assert "先清洗吸丝带" in asked
    key = asked.split('name="form_key" value="')[1].split('"')[0] if 'name="form_key"' in asked else ""
    sent = {"quoted": "先清洗吸丝带", "text": "清洗后晾干", "anchor": "s2", "form_key": key}
    assert reader.post(f"/knowledge/articles/{article.pk}/suggestions/new/", sent).status_code == 302
    drain()
    assert {row.recipient.name for row in Notification.objects.filter(kind="knowledge.suggested")} == {"王伟", "赵静"}
    page = owner.get(f"/knowledge/articles/{article.pk}/").content.decode()
    assert "清洗后晾干" in page
    assert 'href="#s2"' in page
    suggestion = EditSuggestion.objects.get()
    path = f"/knowledge/suggestions/{suggestion.pk}/answer/"
    assert client_for(cast.salesperson).post(path, {"action": "take"}).status_code == 403
    owner.post(path, {"action": "decline", "answer": ""})
    assert EditSuggestion.objects.get().state == "open", "a word is asked for"
    assert owner.post(path, {"action": "take"})["Location"].endswith(f"/knowledge/articles/{article.pk}/draft/")
    drain()
    assert [row.recipient.name for row in Notification.objects.filter(kind="knowledge.answered")] == ["张强"]
    with pytest.raises(KnowledgeError, match="已经答复过"):
        answer_suggestion(suggestion, actor=fresh(cast.head), is_taken=False, answer="不")
