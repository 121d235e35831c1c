"""Where a visitor may tell the owner what was not found, with the question already written."""

from urllib.parse import quote

from searchapp.engine.results import Site
from searchapp.web.links import outside

WORDS = "{words}"  # stands in the owner's address for what was asked


def url_of_feedback(site: Site, asked: str) -> str | None:
    """Return the address to tell that `asked` was not found; None where the owner states none.

    It is a letter to a mail address, or a page, which gets the question where its address has
    `{words}`. All of it is encoded: what a visitor typed adds no other recipient or header.
    """
    stated = site.feedback or ""
    if outside(stated):
        return stated.replace(WORDS, quote(asked, safe=""))
    if "@" not in stated:
        return None
    subject = quote(f"Not found on {site.title}: {asked}", safe="")
    body = quote(f"I looked for {asked} and found nothing. I expected:\r\n\r\n", safe="")
    return f"mailto:{quote(stated, safe='@')}?subject={subject}&body={body}"
