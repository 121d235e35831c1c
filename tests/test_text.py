"""Repair, rendering and cleaning: what is shown is what was written, and nothing else."""

import pytest

from searchapp.errors import ContentError
from searchapp.text import RENDER_LIMIT, count_minutes, plain_text, render, repair

QUOTE = "\u201a\u00c4\u00fa{}\u201a\u00c4\u00f9"  # “{}” read as MacRoman
APOSTROPHE = "\u201a\u00c4\u00f4"  # ’ read as MacRoman
TURTLE = "\uf8ff\u00fc\u00ea\u00a2\u201a\u00fa\u00ae"  # 🐢✨ read as MacRoman
ROCKET = "\uf8ff\u00fc\u00f6\u00c4"  # 🚀 read as MacRoman


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        pytest.param(
            f"Generate Once, Train Many: Implementing GRPO{APOSTROPHE}s Efficient Sampling "
            "from Scratch",
            "Generate Once, Train Many: Implementing GRPO’s Efficient Sampling from Scratch",
            id="an apostrophe",
        ),
        pytest.param(
            "The Evolution of Policy Optimization: Understanding GRPO, DAPO, and Dr. "
            f"GRPO{APOSTROPHE}s Theoretical Foundations",
            "The Evolution of Policy Optimization: Understanding GRPO, DAPO, and Dr. "
            "GRPO’s Theoretical Foundations",
            id="an apostrophe after an abbreviation",
        ),
        pytest.param(
            "Bridging Theory and Practice: Understanding GRPO Implementation Details in "
            f"Hugging Face{APOSTROPHE}s TRL Library",
            "Bridging Theory and Practice: Understanding GRPO Implementation Details in "
            "Hugging Face’s TRL Library",
            id="an apostrophe late in the line",
        ),
        pytest.param(
            f"The {QUOTE.format('Turtle Speed')} Breakthrough {TURTLE} Part 2: "
            "The Blueprint for Distributed Chaos",
            "The “Turtle Speed” Breakthrough 🐢✨ Part 2: The Blueprint for Distributed Chaos",
            id="quotes, a turtle and sparkles",
        ),
        pytest.param(
            f"The {QUOTE.format('Turtle Speed')} Breakthrough {TURTLE}: Decoding Distributed "
            f"Optimizers from FSDP to Muon{APOSTROPHE}s Secret Sauce",
            "The “Turtle Speed” Breakthrough 🐢✨: Decoding Distributed Optimizers from FSDP to "
            "Muon’s Secret Sauce",
            id="quotes, emoji and an apostrophe",
        ),
        pytest.param(
            f"No-BS Glossary: Distributed Training {ROCKET} + The WHY Behind The How",
            "No-BS Glossary: Distributed Training 🚀 + The WHY Behind The How",
            id="a lone rocket, which ftfy leaves",
        ),
        pytest.param(
            f"When {QUOTE.format('Safety')} Feels Like Gaslighting: My Experience With Claude",
            "When “Safety” Feels Like Gaslighting: My Experience With Claude",
            id="quotes alone",
        ),
        pytest.param("Don\u00e2\u20ac\u2122t", "Don’t", id="an apostrophe read as cp1252"),
        pytest.param("caf\u00c3\u00a9 noir", "café noir", id="an accent read as latin-1"),
    ],
)
def test_a_broken_title_is_made_whole(broken: str, whole: str) -> None:
    assert repair(broken) == whole
    assert repair(whole) == whole


@pytest.mark.parametrize(
    "clean",
    [
        "What’s in Pass@K?",
        "“Curly” ‘quotes’ – and dashes —",
        "橋の下を流れるもの",
        "全角：ＡＢＣ（１２３）",
        "Der Fluß fließt über Äcker; ‚so‘ schrieb er „davon“",
        "Ça été très Noël, où l’âme œuvre",
        "Ünlü İstanbul ışığı",
        "Река не линия — ёлка",
        "Ποτάμι ΰ",
        "نهر بلا خط",
        "नदी रेखा नहीं है",
        "ﬁligree, ﬂow and ½",
        "√2 ≈ 1.414 ‚Ä is a typo of ours",
        "🐢✨🚀 👩‍👩‍👧‍👦 🏳️‍🌈",
        "AT&amp;T stays as it is written",
        "Tom & Jerry",
    ],
)
def test_clean_text_is_not_changed(clean: str) -> None:
    assert repair(clean) == clean


def nowhere(kind: str, target: str) -> None:
    return None


def as_is(kind: str, target: str) -> str:
    return target


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("*a* ~~b~~", "<p><em>a</em> <s>b</s></p>", id="emphasis"),
        pytest.param("a\nb", "<p>a b</p>", id="a soft line break is a space"),
        pytest.param(
            "| a | b |\n|---|--:|\n| 1 | 2 |",
            '<table tabindex="0">\n<thead>\n<tr>\n<th>a</th>\n'
            '<th align="right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n'
            '<td align="right">2</td>\n</tr>\n</tbody>\n</table>',
            id="a table, aligned without style",
        ),
        pytest.param(
            "- [ ] a\n- [x] b", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>", id="tasks without a form"
        ),
        pytest.param(
            "```python\na < b  # c\n```",
            '<pre tabindex="0"><code class="language-python">a &lt; b  # c\n</code></pre>',
            id="a fence",
        ),
        pytest.param(
            "a[^1]\n\n[^1]: b",
            '<p>a<sup id="s--ref-1"><a href="#s--note-1" rel="noopener">1</a></sup></p>\n'
            '<hr>\n<section>\n<ol>\n<li id="s--note-1"><p>b <a href="#s--ref-1" '
            'rel="noopener">↩︎</a></p>\n</li>\n</ol>\n</section>',
            id="a footnote",
        ),
        pytest.param(
            "## A *b* `c`\n\n## A b c",
            '<h2 id="s-a-b-c">A <em>b</em> <code>c</code></h2>\n<h2 id="s-a-b-c-2">A b c</h2>',
            id="headings have ids of ours",
        ),
        pytest.param(
            "a\n\n# b\n\n### c",
            '<p>a</p>\n<h2 id="s-b">b</h2>\n<h4 id="s-c">c</h4>',
            id="level 1 is shifted, and the others with it",
        ),
        pytest.param(
            "[down](#The-End) [gone](#nowhere)\n\n## The end",
            '<p><a href="#s-the-end" rel="noopener">down</a> gone</p>\n'
            '<h2 id="s-the-end">The end</h2>',
            id="anchors within the page",
        ),
    ],
)
def test_markdown_is_rendered(markdown: str, html: str) -> None:
    assert render(markdown, nowhere, title="T").html == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("It cost $5, *not* $10", "It cost $5, <em>not</em> $10", id="prices"),
        pytest.param("$20 and *more* is $30", "$20 and <em>more</em> is $30", id="a digit after"),
        pytest.param(
            "`$HOME` *or* `$PATH`", "<code>$HOME</code> <em>or</em> <code>$PATH</code>", id="code"
        ),
        pytest.param(r"\$5 *or* \$6", "$5 <em>or</em> $6", id="escaped dollars"),
        pytest.param("$$ *alone*", "$$ <em>alone</em>", id="an opener without end"),
        pytest.param(r"`\(x\)`", r"<code>\(x\)</code>", id="brackets in code"),
    ],
)
def test_what_only_looks_like_tex_is_markdown(markdown: str, html: str) -> None:
    assert render(markdown, nowhere).html == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("a {% include b.html c=d %} e", "<p>a  e</p>", id="in running text"),
        pytest.param(
            "a\n{% if b %}\nc\n{% endif %}", "<p>a</p>\n<p>c</p>", id="on lines of its own"
        ),
        pytest.param("`{% raw %}`", "<p><code>{% raw %}</code></p>", id="not in a code span"),
        pytest.param(
            "    {% a %}",
            '<pre tabindex="0"><code>{% a %}\n</code></pre>',
            id="not in indented code",
        ),
        pytest.param(
            "```\n{% a %}\n```",
            '<pre tabindex="0"><code>{% a %}\n</code></pre>',
            id="not in a fence",
        ),
        pytest.param(
            "{% highlight ruby linenos %}\ndef a; end\n{% endhighlight %}\nb",
            '<pre tabindex="0"><code class="language-ruby">def a; end\n</code></pre>\n<p>b</p>',
            id="highlight is code",
        ),
        pytest.param("<div>{% a %}b</div>", "<div>b</div>", id="in HTML"),
        pytest.param("{{7*7}}", "<p>{{7*7}}</p>", id="braces are never computed"),
    ],
)
def test_liquid_tags_are_taken_out_but_not_of_code(markdown: str, html: str) -> None:
    assert render(markdown, nowhere).html == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("a<script>alert(1)</script>b", "<p>ab</p>", id="script"),
        pytest.param(
            '<p onclick="x" style="color:red" class="big" id="q">a</p>', "<p>a</p>", id="attributes"
        ),
        pytest.param('<a href="javascript:alert(1)">a</a>', "<p>a</p>", id="a javascript address"),
        pytest.param(
            "[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>", id="in Markdown"
        ),
        pytest.param("[a](data:text/html,b)", "<p>[a](data:text/html,b)</p>", id="a data address"),
        pytest.param("<iframe src='https://a.example'>b</iframe>", "", id="a frame"),
        pytest.param("<form><input name=a><button>b</button></form>", "b", id="a form"),
        pytest.param("<svg><a href='https://a.example'>b</a></svg>", "<p></p>", id="svg"),
        pytest.param("<h1>a</h1>", "<h2>a</h2>", id="a raw heading of level 1"),
        pytest.param('<div hx-get="/a" data-hx-post="/b">c</div>', "<div>c</div>", id="htmx"),
        pytest.param(
            '<code class="language-c evil">a</code>',
            '<p><code class="language-c">a</code></p>',
            id="classes",
        ),
        pytest.param(
            '<img src="https://a.example/b.png" alt="<b>c</b>" onerror="d">',
            '<a href="https://a.example/b.png" rel="noopener">&lt;b&gt;c&lt;/b&gt;</a>',
            id="a remote image",
        ),
        pytest.param(
            "[![c](https://a.example/b.png)](https://d.example)",
            '<p><a href="https://d.example" rel="noopener">c</a></p>',
            id="a remote image in a link",
        ),
        pytest.param(
            "<details><summary>a</summary>b</details>",
            "<details><summary>a</summary>b</details>",
            id="details may stay",
        ),
        pytest.param(
            "<a href='//evil.example/x'>a</a>", "<p>a</p>", id="an address without scheme"
        ),
    ],
)
def test_html_is_let_through_only_as_far_as_it_is_harmless(markdown: str, html: str) -> None:
    assert render(markdown, as_is).html == html


def test_the_resolver_decides_where_links_and_images_lead() -> None:
    answers = {
        ("link", "other.md"): "../0123456789ab/",
        ("image", "a b.png"): "../../media/a%20b.png",
        ("link", "https://a.example/?b=1&c=2"): "https://a.example/?b=1&c=2",
    }

    rendered = render(
        "[o](other.md) [l](lost.md) ![i](<a b.png>) <a href='https://a.example/?b=1&amp;c=2'>r</a>",
        lambda kind, target: answers.get((kind, target.replace("%20", " "))),
    )

    assert rendered.html == (
        '<p><a href="../0123456789ab/" rel="noopener">o</a> l '
        '<img src="../../media/a%20b.png" alt="i"> '
        '<a href="https://a.example/?b=1&amp;c=2" rel="noopener">r</a></p>'
    )
    assert rendered.images == ("../../media/a%20b.png",)


def test_the_plain_text_has_code_but_neither_markup_nor_notes_marks() -> None:
    text = render(
        "# T\n\nOne *two*\nthree[^n] &amp; `four()`.\n\n> five\n\n- six\n- seven\n\n"
        "```\n  eight <nine>\n```\n\n| ten | eleven |\n|---|---|\n| 12 | 13 |\n\n[^n]: last",
        nowhere,
    ).text

    assert text.split("\n") == [
        "One two three & four().",
        "five",
        "six",
        "seven",
        "  eight <nine>",
        "ten eleven",
        "12 13",
        "last",
    ]


def test_sections_say_where_in_the_text_they_begin() -> None:
    rendered = render("Lead — é.\n\n## One `1`\n\na\n\n### Two & 2\n\nb", nowhere, title="T")

    assert [(s.title, s.anchor) for s in rendered.sections] == [
        ("One 1", "s-one-1"),
        ("Two & 2", "s-two-2"),
    ]
    for section in rendered.sections:
        assert rendered.text[section.start :].startswith(section.title)


@pytest.mark.parametrize(
    ("markdown", "title", "taken", "text"),
    [
        pytest.param("# A\n\nb", None, "A", "b", id="the opening heading, where none is known"),
        pytest.param("# A\n\nb", "a!", "A", "b", id="the opening heading that repeats it"),
        pytest.param("# A\n\nb", "C", None, "A\nb", id="not one that says something else"),
        pytest.param("c\n\n# A\n\nb", None, "A", "c\nb", id="the first of level 1"),
        pytest.param("c\n\n## A\n\nb", None, None, "c\nA\nb", id="not a section's"),
        pytest.param("A\n=\n\nb", None, "A", "b", id="underlined"),
    ],
)
def test_the_title_is_taken_out_of_the_text(
    markdown: str, title: str | None, taken: str | None, text: str
) -> None:
    rendered = render(markdown, nowhere, title=title)

    assert (rendered.title, rendered.text) == (taken, text)


def test_prose_is_repaired_and_code_is_not() -> None:
    broken = f"GRPO{APOSTROPHE}s"

    rendered = render(f"{broken} `{broken}`\n\n## {broken}\n\n    {broken}", nowhere)

    assert rendered.text.split("\n") == [f"GRPO’s {broken}", "GRPO’s", broken]
    assert render(broken, nowhere, mend=False).text == broken


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", None),
        (" \n", None),
        ("word", 1),
        ("word " * 299, 1),
        ("word " * 301, 2),
        ("word " * 2000, 10),
        ("橋" * 2000, 5),
        ("word " * 200 + "橋" * 400, 2),
        ("l’été aujourd’hui " * 100, 1),
        ("слово " * 600, 3),
    ],
)
def test_minutes_are_counted_by_words_or_characters(text: str, minutes: int | None) -> None:
    assert count_minutes(text) == minutes


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("a <b>c</b>\n d", "a c d"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("<script>a</script>b", "b"),
        ("plain", "plain"),
    ],
)
def test_markup_is_taken_out_of_a_fragment(fragment: str, words: str) -> None:
    assert plain_text(fragment) == words


def test_a_text_beyond_the_limit_is_refused_with_what_to_do() -> None:
    with pytest.raises(ContentError, match=r"1,000,001 characters.*split it"):
        render("a" * (RENDER_LIMIT + 1), nowhere)
