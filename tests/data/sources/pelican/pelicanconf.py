import os

AUTHOR = "Eli Ford"
SITENAME = "Two Rivers"
SITEURL = ""
PATH = "content"
DEFAULT_LANG = "en"
ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
SOCIAL = (("a", "https://social.example"),)
raise SystemExit("this file is never run")
