"""Formulas: recognised, shown as MathML, searched as words, and harmless."""

import re
from collections.abc import Callable
from pathlib import Path

import nh3
import pytest
from builders import a_work, write_files
from playwright.sync_api import Page

from searchapp.build import build
from searchapp.engine import Index, open_index
from searchapp.engine.results import Hit
from searchapp.text import read_formulas_in, render, render_html
from searchapp.text.formulas import read_formula, to_mathml
from searchapp.text.mathml import MATH_ELEMENTS

IndexOf = Callable[..., Index]


def nowhere(kind: str, address: str) -> None:
    return None


TEX = [
    pytest.param(r"a $x_1 + y_2 * z_3$ b", "x_1 + y_2 ∗ z_3", id="dollars"),
    pytest.param("$$\n\\rho_t = \\frac{a}{b} \\\\\n= *c*\n$$", "ρ_t = a/b", id="displayed dollars"),
    pytest.param("text\n$$\nx = 1\n$$\nmore", "x = 1", id="display inside a paragraph"),
    pytest.param(r"a \(x_1 * y * z_1\) b", "x_1 ∗ y ∗ z_1", id="round brackets"),
    pytest.param(r"a \\(x_1\\) b", "x_1", id="round brackets as kramdown has them"),
    pytest.param("\\[\n- x_1\n= y_1\n\\]", "− x_1 = y_1", id="square brackets"),
    pytest.param(
        "\\begin{align*}\na_1 &= b_1 \\\\\n\n- c &= *d*\n\\end{align*}",
        "a_1 = b_1; − c = ∗ d ∗",
        id="an amsmath environment over a blank line",
    ),
    pytest.param("> $$\n> x_1 * y_1\n> $$", "x_1 ∗ y_1", id="inside a quotation"),
    pytest.param("- a\n\n  \\[ x_1 * y_1 \\]", "x_1 ∗ y_1", id="inside a bullet"),
    pytest.param("| a |\n|---|\n| $x_1 * y_1$ |", "x_1 ∗ y_1", id="inside a table"),
    pytest.param("the $n$th of ($k$-means)", "n", id="beside letters and brackets"),
    pytest.param("a $$x_1$$ b", "x_1", id="two dollars in a line"),
]  # fmt: skip


@pytest.mark.parametrize(("markdown", "line"), TEX)
def test_a_formula_is_taken_whole_shown_as_mathml_and_searched_as_a_line(
    markdown: str, line: str
) -> None:
    rendered = render(markdown, nowhere)

    assert "<math" in rendered.html and "<em>" not in rendered.html
    assert line in rendered.text
    assert "$" not in rendered.text and "\\" not in rendered.text


@pytest.mark.parametrize(
    "prose",
    ["It costs $5 and $10", "US$5 and CA$6 million", "$HOME/$USER", "5$ or 6$ each", "$20-$30",
     "paid $5 (or 4$)", "a $100 million$ deal", "a $5-a-month$ plan", "a lone $x here", "$ x $",
     "impl Trait for $t, Wrapping for $t", "Trait<$t> for W<$t>"],
)  # fmt: skip
def test_prices_and_other_dollars_are_prose(prose: str) -> None:
    assert render(prose, nowhere).text == prose and "<code" not in render(prose, nowhere).html
    assert read_formulas_in(prose) == prose


@pytest.mark.parametrize(
    "rating", ["Dinner: $$$$", "$$$$", "Lunch is $$, dinner $$$.", "$$$ and $$ each", "$$$$ or $$"]
)
def test_ratings_in_dollars_are_not_lost_as_formulas_of_nothing(rating: str) -> None:
    for shown in (render, render_html):
        assert shown(rating, nowhere).text == rating
        assert "<code" not in shown(rating, nowhere).html
    assert read_formulas_in(rating) == rating


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (r"the \[Rust\] blog", "the [Rust] blog"),
        (r"\[you\]", "[you]"),
        (r"a \[..\] and \(see below\) of \[T; N\]", "a [..] and (see below) of [T; N]"),
        (r"\[const_ptr_offset_from\] \(2020\)", "[const_ptr_offset_from] (2020)"),
        (r"\[[P1\_1](https://x.example/a_b)\]", "[P1_1]"),
    ],
)
def test_brackets_that_are_escaped_are_brackets(markdown: str, text: str) -> None:
    assert render(markdown, nowhere).text == text


def test_a_formula_on_a_line_of_its_own_is_set_as_one_with_its_full_stop() -> None:
    assert 'display="block"' in render("so\n$$x$$,\nand", nowhere).html
    assert 'display="block"' in render("so \\[x = 1\\] then", nowhere).html
    assert 'display="block"' not in render("so $$x$$ then", nowhere).html
    assert render("$$x = 1$$.", nowhere).text == "x = 1."


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_h}}\right) V", "softmax(QK^⊤/√d_h)V"),
        (r"\mathbb{E}_{t}\left[\log \pi_\theta(a \mid s)\right]", "E_t[log π_θ(a ∣ s)]"),
        (r"\hat{A}_i = \frac{r_i - \mu}{\sigma}", "Â_i = (r_i − μ)/σ"),
        (r"\sum_{i=1}^{n} w_i f_i", "∑_(i=1)^n w_i f_i"),
        (r"\mathcal{N}(0, \mathbf{I})", "N(0, I)"),
        (r"\text{pass@}k", "pass@k"),
        (r"f'(x) \to \infty", "f′(x) → ∞"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", "{1 x > 0; 0 else"),
        (r"\begin{equation} x \label{eq:a} \tag{3} \end{equation}", "x (3)"),
        (r"\lVert x \rVert_2^2 \le 1{,}000", "‖x‖_2^2 ≤ 1,000"),
        (r"\unknown{x}", r"\unknown{x}"),
        (r"b &gt; 9", "b > 9"),
    ],
)
def test_a_formula_reads_as_a_line(tex: str, line: str) -> None:
    assert read_formula(tex) == line


UNREADABLE = [
    r"\foo{x}", r"\frac{a", "a & b", r"\left(", r"\href{javascript:alert(1)}{x}", "{" * 200,
    "x^{" * 101 + "}" * 101, "x" * 5_000, r"\newcommand{\a}{\a\a}\a", r"\includegraphics{x}",
]  # fmt: skip


@pytest.mark.parametrize("tex", UNREADABLE)
def test_tex_that_cannot_be_read_is_shown_as_it_was_written(tex: str) -> None:
    assert to_mathml(tex, display=False) is None
    rendered = render(f"a ${tex}$ b", nowhere)
    assert "<math" not in rendered.html and rendered.html.startswith("<p>a ")


def test_characters_that_are_none_stop_no_formula() -> None:
    assert to_mathml("x\x00", display=False) is to_mathml("\ud800", display=False) is None


def test_tex_that_cannot_be_read_is_code() -> None:
    assert render(r"a $\foo{x} <b>$", nowhere).html == (
        r'<p>a <code class="math">\foo{x} &lt;b&gt;</code></p>'
    )


def test_titles_summaries_and_headings_read_formulas_as_words(tmp_path: Path) -> None:
    post = (
        "---\ntitle: 'The $\\sqrt{d_h}$ trick'\ndescription: 'Why $O(n^2)$ costs $5'\n---\n"
        "# The $\\sqrt{d_h}$ trick\n\n## On $\\pi_\\theta$\n\nText.\n"
    )
    write_files(tmp_path / "content", {"a.md": post})
    build(tmp_path / "content", tmp_path / "index")

    (hit,) = open_index(tmp_path / "index").search("trick").hits
    assert hit.title == "The √d_h trick"
    assert hit.summary == "Why O(n^2) costs $5"
    assert render(post.split("---\n", 2)[2], nowhere).sections[-1].title == "On π_θ"


def test_a_snippet_shows_a_formula_as_a_line(index_of: IndexOf) -> None:
    rendered = render(
        r"Attention is $\operatorname{softmax}(\frac{QK^\top}{\sqrt{d_h}})V$.", nowhere
    )
    (hit,) = index_of(a_work("It", text=rendered.text)).search("softmax").hits

    assert hit.snippet == "Attention is <mark>softmax</mark>(QK^⊤/√d_h)V."


# --- HTML that carries formulas ------------------------------------------------------------

KATEX = (
    '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>x</mi></mrow>'
    '<annotation encoding="application/x-tex">x_secret</annotation></semantics></math></span>'
    '<span class="katex-html" aria-hidden="true"><span class="base"><span>x</span></span></span>'
    "</span>"
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('a <script type="math/tex">x^2</script> b', "a x^2 b"),
        ("a <script type='math/tex; mode=display'>% <![CDATA[\na<b %]]></script>", "a a < b"),
        (r"a \(x &lt; y\) b", "a x < y b"),
        (r"a $$x_1$$ costs $5 and $6", "a x_1 costs $5 and $6"),
        (r"<code>\(x\)</code>", r"\(x\)"),
        (f"a {KATEX} b", "a x b"),
        ("a <math><mfrac><mi>a</mi><mi>b</mi></mfrac></math> b", "a a/b b"),
        ('<script type="math/tex">x', ""),
    ],
)
def test_formulas_in_html_are_read_once(html: str, text: str) -> None:
    assert render_html(f"<p>{html}</p>", nowhere).text == text


# --- Hostile ---------------------------------------------------------------------------------

# The mutations that went through cleaners, and what else MathML may be tried for.
HOSTILE = [
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style>"
    "</annotation-xml></math>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<math><mi><script>alert(1)</script></mi></math>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<math><mtext><a href=\"https://x.example\">x</a></mtext></math>",
    "<math href=\"javascript:alert(1)\"><mi>x</mi></math>",
    "<math><mrow xlink:href=\"javascript:alert(1)\"><mi>x</mi></mrow></math>",
    "<math><maction actiontype=\"statusline#https://x.example\" xlink:href=\"javascript:alert(1)\">"
    "x</maction></math>",
    "<math><mi style=\"position:fixed\" class=\"skip\" id=\"main\">x</mi></math>",
    "<math><mspace width=\"100000em\" height=\"9999px\"></mspace></math>",
    "<math alttext='\"><img src=x onerror=alert(1)>'><mi>x</mi></math>",
    "<math><mtext><math><mtext><p>x</p></mtext></math></mtext></math>",
    "<svg></p><math><mtext><style></style><mglyph><svg><mtext><title>"
    "<path id=\"</title><img onerror=alert(1) src>\">",
    "<math><ms><noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></ms></math>",
    "<math>" * 500 + "<mi>x" + "<mrow>" * 500,
    "</math><math><mi>&lt;img src=x onerror=alert(1)&gt;</mi></math>",
]  # fmt: skip
TEX_HOSTILE = [
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\text{</mtext></math><script>alert(1)</script>}$",
    r"$\label{\"onmouseover=alert(1)}$",
    r"\begin{equation}x\label{s-x\" onmouseover=\"alert(1)}\end{equation}",
    r"$\color{red\"onload=alert(1)}{x}$",
    r"$\hspace{99999em}x$",
]
INSIDE = re.compile(r"<math\b.*?</math>", re.DOTALL)


def test_a_formula_that_may_scroll_can_have_the_focus() -> None:
    assert ' tabindex="0"' in render("$$x$$", nowhere).html
    assert "tabindex" not in render("a $x$ b", nowhere).html


def check_harmless(html: str) -> None:
    for formula in INSIDE.findall(html):
        assert set(re.findall(r"<([a-z-]+)", formula)) <= MATH_ELEMENTS
    tags = "".join(re.findall(r"<[^<>]*>", re.sub(r'="[^"]*"', "", html)))
    assert not re.search(
        r"<(script|style|img|svg|annotation|mglyph|form|maction)|\bon[a-z]+|href|style|xlink", tags
    )
    assert not re.search(r'(?:width|height)="\d{3}', html)
    # A browser reads it as it was written: the cleaner finds nothing more to change.
    names = {name for name, _ in re.findall(r' ([a-z-]+)="([^"]*)"', html)}
    elements = {*MATH_ELEMENTS, "p", "div", "code", "span", "a", "em", "strong"}
    same = nh3.clean(html, tags=elements, attributes={"*": names}, link_rel=None)
    assert same == html


@pytest.mark.parametrize("markup", HOSTILE)
@pytest.mark.parametrize("shown", [render, render_html])
def test_hostile_mathml_is_harmless(markup: str, shown: Callable[..., object]) -> None:
    check_harmless(shown(markup, nowhere).html)  # type: ignore[attr-defined]


@pytest.mark.parametrize("markdown", TEX_HOSTILE)
def test_hostile_tex_is_harmless(markdown: str) -> None:
    check_harmless(render(markdown, nowhere).html)


def test_hostile_formulas_do_nothing_in_a_browser(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (asked.append("dialog"), dialog.dismiss()))
    whole = "\n\n".join([*HOSTILE, *TEX_HOSTILE])
    pieces = [render(markup, nowhere).html for markup in [*HOSTILE, *TEX_HOSTILE, whole]]
    page.set_content(f"<main>{'<hr>'.join(pieces)}</main>")

    assert page.locator("main :is(script, style, img, svg, form, iframe, a)").count() == 0
    assert asked == []


def test_a_page_of_nothing_but_formulas_stays_within_bounds() -> None:
    rendered = render("$" + "x+" * 900 + "y$\n\n" + ("$" + "x+" * 900 + "y$\n\n") * 400, nowhere)

    assert len(rendered.html) < 8_000_000
    assert '<code class="math">' in rendered.html


def test_a_wide_formula_scrolls_and_the_page_does_not(
    page: Page, content_index: Path, content_server: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    works = [open_index(content_index).work(hit.id) for hit in all_hits(content_index)]
    longest = max((w for w in works if w and w.html), key=lambda w: longest_formula(w.html or ""))
    page.goto(f"{content_server}/works/{longest.hit.id}/")

    wide = "[...document.querySelectorAll('math')].filter(m => m.scrollWidth > m.clientWidth)"
    assert page.evaluate(f"{wide}.length") > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".prose code.math").count() == 0


def all_hits(folder: Path) -> list[Hit]:
    return list(open_index(folder).search(limit=100).hits)


def longest_formula(html: str) -> int:
    return max(
        (len(found) for found in INSIDE.findall(html) if 'display="block"' in found), default=0
    )


def test_no_formula_of_content_is_shown_as_tex(content_index: Path) -> None:
    works = [open_index(content_index).work(hit.id) for hit in all_hits(content_index)]
    pages = [work.html for work in works if work and work.html]

    assert sum("<math" in html for html in pages) >= 20
    assert [html for html in pages if 'class="math"' in html or "$$" in html] == []
