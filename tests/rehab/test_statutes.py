from datetime import date

import pytest

from rehab import statutes
from rehab.refusal import Caution, Obstacle, Refused


def test_every_article_is_found_again_by_its_code():
    for article in statutes.ALL:
        assert statutes.by_code(article.code) is article


def test_no_two_constants_say_the_same():
    assert len(set(statutes.ALL)) == len(statutes.ALL)
    assert len({article.gist for article in statutes.ALL}) == len(statutes.ALL)


def test_unknown_code():
    with pytest.raises(KeyError):
        statutes.by_code("NO_SUCH_ARTICLE")


@pytest.mark.parametrize(
    ("article", "shown", "brief", "text"),
    [
        pytest.param(
            statutes.ESCAPE, "《戒毒条例》第三十二条", "戒毒条例 第三十二条", "要旨：", id="已核对"
        ),
        pytest.param(
            statutes.FAMILY_NOTICE,
            "《司法行政机关强制隔离戒毒工作规定》约第十六条，未经确认",
            "未经确认 · 司法部令127号 第十六条",
            "要旨（未经确认）：",
            id="条号凭记忆",
        ),
        pytest.param(
            statutes.DEATH,
            "《司法行政机关强制隔离戒毒工作规定》，条号未经确认",
            "未经确认 · 司法部令127号",
            "要旨（未经确认）：",
            id="条号不明",
        ),
    ],
)
def test_an_article_says_how_sure_it_is(article, shown, brief, text):
    assert str(article) == shown
    assert article.brief == brief
    assert article.text == text + article.gist


@pytest.mark.parametrize("article", statutes.ALL, ids=lambda article: article.code)
def test_an_article_is_complete(article):
    assert article.law
    assert article.gist.endswith(("。", "）"))
    assert date(2000, 1, 1) < article.in_force_from < date(2026, 1, 1)
    assert article.number.startswith("第") or not article.confirmed


def test_refused_says_all_reasons_at_once():
    obstacles = [Obstacle("曾脱逃", statutes.ESCAPE), Obstacle("床位已满")]

    with pytest.raises(Refused, match="曾脱逃（《戒毒条例》第三十二条）；床位已满") as refused:
        Refused.if_any(iter(obstacles))

    assert refused.value.obstacles == tuple(obstacles)


def test_nothing_is_refused_without_a_reason():
    Refused.if_any(())


def test_a_caution_names_its_article():
    assert str(Caution("x", "请核对")) == "请核对"
    assert str(Caution("x", "请核对", statutes.ESCAPE)) == "请核对（《戒毒条例》第三十二条）"
