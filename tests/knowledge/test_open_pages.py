"""What an open article or policy is told while it is read."""

import pytest
from django.urls import reverse

from knowledge.models import Article, Policy
from portal.live.topics import may_listen
from portal.pages.services import retract_page
from tests.cast import Cast
from tests.knowledge.rules import CONTROL, articles, new_version, published
from tests.knowledge.writing import admitted, audience, fresh, make_category, renewed

pytestmark = pytest.mark.django_db


def test_an_open_article_says_that_it_was_corrected_and_no_stranger_is_told(client_for, cast: Cast) -> None:
    article = admitted(make_category(cast), fresh(cast.inspector), cast.head, audience=audience(f"dept:{cast.quality.pk}+"))
    reader, address = client_for(cast.inspector), reverse("knowledge:article_newer", args=[article.pk])
    assert f'data-topic="reading:{article.pk}" hx-get="{address}?version=1"' in reader.get(article.get_absolute_url()).content.decode()
    assert may_listen(fresh(cast.inspector), f"reading:{article.pk}")
    assert reader.get(f"{address}?version=1").status_code == 204
    renewed(article, fresh(cast.inspector), cast.head)
    told = reader.get(f"{address}?version=1").content.decode()
    assert "第 2 版" in told
    assert article.get_absolute_url() in told
    assert reader.get(f"{address}?version=2").status_code == 204
    stranger = client_for(cast.operator)
    assert [stranger.get(one).status_code for one in (f"{address}?version=1", address.replace(str(article.pk), "999999"))] == [404, 404]
    retract_page(Article.objects.get(pk=article.pk), reason="已并入操作规程。", actor=fresh(cast.head))
    assert "已并入操作规程。" in client_for(cast.head).get(f"{address}?version=2").content.decode()


def test_an_open_policy_says_that_a_later_version_is_out(client_for, cast: Cast) -> None:
    policy = published(cast)
    reader, address = client_for(cast.operator), reverse("knowledge:policy_newer", args=[policy.pk])
    assert f'data-topic="reading:{policy.pk}" hx-get="{address}?version=1"' in reader.get(policy.get_absolute_url()).content.decode()
    assert reader.get(f"{address}?version=1").status_code == 204
    new_version(cast, policy, body=articles(CONTROL.replace("两次", "三次")))
    assert "第 2 版" in reader.get(f"{address}?version=1").content.decode()
    past = reader.get(f"{Policy.objects.get(pk=policy.pk).get_absolute_url()}?day=2020-01-01").content.decode()
    assert 'data-topic="reading' not in past, "what held on a past day does not change"
