"""The addresses of a cluster as people write them, and what is refused at the start."""

import pytest

from portal.config.environment import SettingError, read_environment
from portal.search.engines.elasticsearch import ElasticsearchEngine
from portal.search.engines.elasticsearch.connection import Addresses


@pytest.mark.parametrize(
    "addresses",
    [
        "http://127.0.0.1:9200",
        "https://portal:geheim%40wort@search.plant.cn:9200",
        "https://a:geheim@search-1.plant.cn:9200, https://a:geheim@search-2.plant.cn:9200/es",
        "http://[::1]:9200",
    ],
)
def test_addresses_as_people_write_them_are_understood(addresses: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELASTICSEARCH_URL", addresses)
    urls = [address.strip() for address in read_environment().elasticsearch_url.split(",")]
    ElasticsearchEngine(Addresses(urls), "tests")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ELASTICSEARCH_URL", "search.plant.cn:9200"),
        ("ELASTICSEARCH_URL", "https://a:geheim@search.plant.cn"),
        ("ELASTICSEARCH_URL", "https://a:geheim@wort@search.plant.cn:9200"),
        ("ELASTICSEARCH_URL", "https://a:geheim,wort@search.plant.cn:9200"),
        ("ELASTICSEARCH_URL", "https://a:geheim/wort@search.plant.cn:9200"),
        ("ELASTICSEARCH_CA", "/nowhere/ca.pem"),
        ("ELASTICSEARCH_CA", __file__),
        ("PORTAL_SEARCH_INDEX", "*"),
        ("PORTAL_SEARCH_INDEX", "Gongfang"),
        ("PORTAL_SEARCH_REPLICAS", "-1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_a_sentence_without_the_password(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=name) as refused:
        read_environment()
    assert "geheim" not in str(refused.value)
