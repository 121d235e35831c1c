"""Decides when two addresses are one: a key for comparing, never for showing.

    http://www.Example.org/a/?utm_source=x  ->  example.org/a
    https://medium.com/@me/a-title-0123456789ab, https://me.medium.com/other-0123456789ab
                                            ->  medium:0123456789ab

Hand-written, as libraries either know less (www, mobile hosts, index files, Medium's ids)
or drop parameters that carry meaning (`?v=`, `?id=`, hash routes).
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")
_MIRROR_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")
_AMP_SUFFIX = re.compile(r"(?:/amp|\.amp)$|\.amp(?=\.html?$)")
_MEDIUM_ID = re.compile(r"(?:^|[-/])([0-9a-f]{10,12})$")
_ARXIV = re.compile(r"^/(?:abs|pdf|html)/(.+?)(?:v\d+)?(?:\.pdf)?$")
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|twclid|yclid|igshid|igsh|mc_cid|mc_eid"
    r"|_hsenc|_hsmi|mkt_tok|vero_id|oly_enc_id|oly_anon_id|wickedid|ref_src|ref_url|sfnsn)$"
)
# Names that carry meaning elsewhere are dropped on these hosts only.
_TRACKING_AT = {
    "medium.com": {"source", "sk", "gi", "r"},
    "substack.com": {"r", "s", "post_id", "publication_id", "isFreemail", "triedRedirect", "token"},
    "twitter.com": {"s", "t", "ref"},
    "x.com": {"s", "t", "ref"},
    "youtube.com": {"si", "feature", "pp", "ab_channel"},
    "linkedin.com": {"trk", "trackingId", "originalSubdomain"},
    "quora.com": {"share", "ch", "oid", "srid", "target_type"},
    "spotify.com": {"si"},
    "instagram.com": {"hl"},
}
# And these values of ambiguous names mean tracking wherever they stand.
_TRACKING_VALUES = {
    "source": {"rss", "twitter", "newsletter", "email", "facebook", "linkedin"},
    "ref": {"rss", "twitter", "newsletter", "email", "facebook", "linkedin", "producthunt", "hackernews"},
    "via": {"rss", "twitter", "newsletter", "email"},
    "share": {"1", "twitter", "facebook", "linkedin"},
}  # fmt: skip
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_web_address(url: str) -> bool:
    """Whether `url` is an http or https address that may stand in a link."""
    if _UNSAFE.search(url.strip()):
        return False
    try:
        parts = urlsplit(url.strip())
        return bool(
            parts.scheme.lower() in _DEFAULT_PORTS
            and parts.hostname
            and parts.username is None
            and (parts.port or 1)
        )
    except ValueError:
        return False


def host_of(url: str) -> str | None:
    """Return the host of an address in lower case, None for what is not one."""
    if not is_web_address(url):
        return None
    return _ascii_host(urlsplit(url.strip()).hostname or "")


def matching_host(host: str, hosts: Iterable[str]) -> str | None:
    """Return which of `hosts` names `host`: itself or a parent; `www.` does not matter."""
    known = {name.lower().removeprefix("www."): name for name in hosts}
    labels = host.lower().removeprefix("www.").split(".")
    candidates = (".".join(labels[i:]) for i in range(len(labels)))
    return next((known[name] for name in candidates if name in known), None)


def address_key(url: str) -> str | None:
    """Return the key that all spellings of one address share; None for what is no address."""
    if not is_web_address(url):
        return None
    parts = urlsplit(_without_amp_cache(url.strip()))
    host = _plain_host(parts.hostname or "")
    path = _plain_path(parts.path)
    query = _meaningful(parse_qsl(parts.query, keep_blank_values=True), host)
    if known := _known_id(host, path, dict(query)):
        return known
    if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme.lower()]:
        host += f":{parts.port}"
    tail = f"?{urlencode(sorted(query))}" if query else ""
    fragment = unquote(parts.fragment)
    if fragment.startswith(("/", "!")):  # a route of a page that is one script
        tail += f"#{fragment.rstrip('/')}"
    return f"{host}{path}{tail}"


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _plain_host(host: str) -> str:
    return _MIRROR_HOST.sub("", _ascii_host(host))


def _plain_path(path: str) -> str:
    path = quote(
        unquote(path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~", errors="surrogateescape"
    )
    path = re.sub(r"/{2,}", "/", path)
    if "/." in path:
        path = posixpath.normpath(path)
    path = _AMP_SUFFIX.sub("", path.rstrip("/"))
    return _INDEX_FILE.sub("", path).rstrip("/")


def _without_amp_cache(url: str) -> str:
    """Return the address that a Google AMP page or cache stands for."""
    match = re.match(
        r"https?://(?:www\.)?google\.[a-z.]+/amp/(s/)?(.+)"
        r"|https?://[^/]+\.cdn\.ampproject\.org/[a-z]/(s/)?(.+)",
        url,
        re.IGNORECASE,
    )
    if not match:
        return url
    return "https://" + (match[2] or match[4])


def _meaningful(pairs: list[tuple[str, str]], host: str) -> list[tuple[str, str]]:
    site = matching_host(host, _TRACKING_AT)
    dropped: set[str] = _TRACKING_AT[site] if site else set()
    return [
        (name, value)
        for name, value in pairs
        if not (
            _TRACKING.match(name)
            or name in dropped
            or value.lower() in _TRACKING_VALUES.get(name, ())
        )
    ]


def _known_id(host: str, path: str, query: Mapping[str, str]) -> str | None:
    """Return the key by a known site's own id, where its addresses carry one."""
    if matching_host(host, ["medium.com"]) and (found := _MEDIUM_ID.search(path)):
        return f"medium:{found[1]}"
    if host == "arxiv.org" and (found := _ARXIV.match(path)):
        return f"arxiv:{found[1]}"
    if host == "youtu.be" and path:
        return f"youtube:{path[1:]}"
    if host in ("youtube.com", "youtube-nocookie.com"):
        if "v" in query:
            return f"youtube:{query['v']}"
        if found := re.match(r"^/(?:embed|shorts|live|v)/([\w-]+)", path):
            return f"youtube:{found[1]}"
    if host == "twitter.com":
        return f"x.com{path}"
    return None
