"""S2: hidden things, with a word of their own or with words that many have, move nothing that those can observe who may not see them, over random plants."""

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from portal.access.models import Audience
from portal.access.rules import AudienceRule
from portal.accounts.models import User
from portal.search.checking import check_feed
from portal.search.models import Miss
from portal.search.services import touch
from tests.access.test_oracle import build, descriptions, sees, spell
from tests.papers.models import Paper
from tests.search.indexing import settle, start_afresh

WORDS = ("质量", "检验", "仓库", "温湿度", "安全", "notice", "safety", "GB/T 5606", "烟")
UNIQUE = "獬豸麒麟"
# Two texts that everybody may see; which of them stands first for both words told once which of the words stands in hidden texts.
OWN = ("温度 湿度 湿度 湿度", "温度 温度 温度 湿度")
COMMON = ("温度", "湿度")
# By the word alone, in part, misspelled, beside others, in phrases and operators; and by what the hidden thing has in common with others.
QUESTIONS = (
    UNIQUE, "獬豸", "麒", f"{UNIQUE} 质量", f"“{UNIQUE}”", f"质量 -{UNIQUE}", f"kind:paper {UNIQUE}", "unicornword", "unicornwrd", "unicorn",
    "质量", "安全 仓库", "notice", "notce", "kind:paper", "after:2020", "温湿度检验", "质量 检验 仓库 温湿度 安全 烟 notice",
    "温度 湿度", "温度 湿度 质量 检验",
)  # fmt: skip
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;|"X-CSRFToken": ")[A-Za-z0-9]+')

PLANTS = descriptions()
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), min_size=4, max_size=4)


class HiddenTest(HypothesisTestCase):
    @given(PLANTS, TEXTS, st.data())
    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    def test_nobody_who_may_not_see_it_can_tell_that_it_is_there(self, described: dict, texts: list[list[str]], data: st.DataObject) -> None:
        self.hide(described, texts, data)

    @pytest.mark.drill  # because it is long: some seconds for each plant
    @given(PLANTS, TEXTS, st.data())
    @settings(max_examples=9, deadline=None, suppress_health_check=list(HealthCheck))
    def test_nobody_can_tell_in_many_plants(self, described: dict, texts: list[list[str]], data: st.DataObject) -> None:
        self.hide(described, texts, data)

    def hide(self, described: dict, texts: list[list[str]], data: st.DataObject) -> None:
        start_afresh()
        plant = build(described)
        rules = [AudienceRule.of(spell(plant, include), spell(plant, exclude), level) for include, exclude, level in described["papers"]]
        hidden_rule = data.draw(st.sampled_from(range(len(rules))))
        for place, rule in enumerate(rules):
            Paper.objects.create(title="，".join(texts[place]), audience=Audience.objects.for_rule(rule))
        everyone = Audience.objects.for_rule(AudienceRule.of(["all"]))
        for text in OWN:
            Paper.objects.create(title=text, audience=everyone)
        check_feed()
        settle()
        outsiders = [
            who for who in range(len(plant.people)) if described["people"][who] != "inactive" and not sees(described, who, described["papers"][hidden_rule])
        ]
        before = {who: observed(plant.people[who]) for who in outsiders}
        secret = Paper.objects.create(title=f"{UNIQUE} unicornword，{'，'.join(WORDS)}", audience=Audience.objects.for_rule(rules[hidden_rule]))
        common = data.draw(st.sampled_from(COMMON))
        secrets = [Paper.objects.create(title=f"{common} {number}", audience=secret.audience) for number in range(4)]
        touch(Paper, [secret.pk, *(paper.pk for paper in secrets)])
        self.hold(plant.people, before, "before the index has it")
        settle()
        self.hold(plant.people, before, "when the index has it")
        for who, person in enumerate(plant.people):
            if described["people"][who] == "employee" and who not in outsiders:
                assert UNIQUE in observed(person)[f"/search/ {UNIQUE}"]
        Paper.objects.filter(pk=secret.pk).update(title="别的")
        self.hold(plant.people, before, "when the index is late")
        Paper.objects.filter(pk__in=[secret.pk, *(paper.pk for paper in secrets)]).delete()
        self.hold(plant.people, before, "when it is gone and the index does not know")
        assert not Miss.objects.exists()

    def hold(self, people: list[User], before: dict[int, dict[str, str]], when: str) -> None:
        for who, seen in before.items():
            assert observed(people[who]) == seen, when


def observed(person: User) -> dict[str, str]:
    """All that a person gets to see of the search."""
    client = Client()
    client.force_login(person)
    answers = {}
    for address in ("/search/", "/search/typing/"):
        for words in QUESTIONS:
            answer = client.get(address, {"q": words})
            answers[f"{address} {words}"] = f"{answer.status_code} {TOKENS.sub('', answer.content.decode())}"
    return answers
