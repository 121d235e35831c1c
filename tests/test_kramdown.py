"""What generators' Markdown has besides: it leaked into the text that is searched."""

import pytest

from searchapp.sources.kramdown import prepare


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("* TOC\n{:toc}\n\nText", "\n{:toc}\n\nText", id="a table of contents"),
        pytest.param("1. x\n{: .big #toc toc}\n", "\n{: .big #toc toc}\n", id="with attributes"),
        pytest.param("- one\n- two\n{: .list}", "- one\n- two\n{: .list}", id="another list"),
        pytest.param("HTML\n\n*[HTML]: Hyper Text", "HTML\n\n", id="an abbreviation"),
        pytest.param("*[a](b): c*", "*[a](b): c*", id="a link in emphasis"),
        pytest.param(
            "```\n*[A]: b\n* TOC\n{:toc}\n```\n*[A]: b", "```\n*[A]: b\n* TOC\n{:toc}\n```\n",
            id="in code nothing",
        ),
        pytest.param(
            "```\n{% raw %}\n{{ x }}\n{% endraw %}\n```", "```\n\n{{ x }}\n\n```", id="raw in code"
        ),
        pytest.param(
            "`{% raw %}{{ x }}{% endraw %}`", "`{{ x }}`", id="raw in a span of code"
        ),
        pytest.param("{% raw %}{{ x }}{% endraw %}", "{% raw %}{{ x }}{% endraw %}", id="in text"),
        pytest.param("~~~~\n~~~\n*[A]: b\n~~~~", "~~~~\n~~~\n*[A]: b\n~~~~", id="a longer fence"),
    ],
)  # fmt: skip
def test_a_body_becomes_markdown_alone(body: str, expected: str) -> None:
    assert prepare(body, liquid=True) == expected


def test_raw_is_code_where_no_liquid_is_run() -> None:
    body = "```\n{% raw %}\n```\n`{% raw %}`"

    assert prepare(body, liquid=False) == body


def test_the_excerpt_separator_of_a_site_ends_the_summary() -> None:
    body = "Lead.\n\n<!-- cut -->\n\nRest. <!-- cut -->"

    assert prepare(body, liquid=True, separator="<!-- cut -->") == (
        "Lead.\n\n\n\n<!--more-->\n\n\n\nRest. <!-- cut -->"
    )
    assert prepare(body, liquid=True, separator="\n\n") == body
