"""The browser itself: it renders Chinese with our own font, and reports what goes wrong."""

import pytest


def ink(page, character):
    """How many dark pixels a drawn character has."""
    return page.evaluate(
        """character => {
            const canvas = document.createElement("canvas");
            const pen = canvas.getContext("2d");
            pen.font = "60px serif";
            pen.fillText(character, 0, 60);
            const {data} = pen.getImageData(0, 0, 80, 80);
            return data.filter((value, index) => index % 4 == 3 && value > 128).length;
        }""",
        character,
    )


def test_browser_draws_chinese(page, shots):
    page.set_content("<h1>戒毒矫治业务平台 今日待收</h1>")
    page.screenshot(path=shots / "browser.png")

    assert page.viewport_size == {"width": 1440, "height": 900}
    # without a font both would be the same empty box
    assert ink(page, "戒") > 500
    assert ink(page, "戒") != ink(page, "一")


def test_browser_notes_a_script_error(pages):
    page = pages.open()
    page.set_content("<script>undefinedFunction()</script>")

    assert "undefinedFunction" in pages.problems.pop()


@pytest.mark.parametrize("address", ["http://localhost:9/", "http://[::1]:9/"])
def test_browser_notes_whoever_leaves_the_host(pages, address):
    page = pages.open()
    page.set_content(f'<img src="{address}">')

    assert pages.problems.pop() == f"left the host: {address}"
