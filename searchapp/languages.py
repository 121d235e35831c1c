"""Knows the codes of languages, by their names, and which code a wrong one was meant to be."""

import difflib
import re

LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

# What writers take for a code: the language's own name, a country, a code of three letters.
_TAKEN_FOR = {
    "ar": "العربية ara", "ca": "català catala cat", "cs": "čeština cestina cz ces cze",
    "da": "dansk dk dan", "de": "deutsch ger deu", "el": "ελληνικά gr ell gre", "en": "eng",
    "es": "español espanol castellano spa", "et": "eesti est", "fa": "farsi fas per",
    "fi": "suomi fin", "fr": "français francais fre fra", "he": "עברית iw heb", "hi": "हिन्दी hin",
    "hu": "magyar hun", "id": "bahasa ind", "it": "italiano ita", "ja": "日本語 jp jpn",
    "ko": "한국어 kor", "nb": "bokmål nob", "nl": "nederlands flemish dut nld",
    "no": "norsk nor", "pl": "polski pol", "pt": "português portugues por",
    "ro": "română romana rum ron", "ru": "русский rus", "sk": "slovenčina slk slo",
    "sv": "svenska swe", "th": "ไทย tha", "tr": "türkçe turkce tur", "uk": "українська ua ukr",
    "vi": "vie", "zh": "中文 mandarin cn zho chi",
}  # fmt: skip
_CODES = {name.lower(): code for code, name in reversed(LANGUAGES.items())} | {
    name: code for code, names in _TAKEN_FOR.items() for name in names.split()
}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


def name_language(code: str) -> str:
    """Return the English name of a language's code, the code itself where we know none."""
    return LANGUAGES.get(code, code)


def is_code(said: str) -> bool:
    """Tell whether `said` is a code of a language, `en` or `pt-BR`, known to us or not.

    What is none though it has two letters or three, such as that of a country, is in no list of
    languages, or is not the code that a page states for its language.
    """
    return _TAG.fullmatch(said) is not None and re.split("[-_]", said)[0].lower() not in _CODES


def code_meant(said: str) -> str | None:
    """Return the code that a wrong one was meant to be; None where nothing is near."""
    first, *rest = re.split(r"[-_.\s(]+", said.strip().lower())
    near = [first] if first in _CODES else difflib.get_close_matches(first, _CODES, 1, 0.8)
    code = first if first in LANGUAGES else _CODES[near[0]] if near else None
    region = rest[0].upper() if rest and re.fullmatch(r"[a-z]{2}", rest[0]) else ""
    return f"{code}-{region}" if code and region else code


def refusal(said: str) -> str:
    """Return what to do about a wrong code: `did you mean 'en'?`."""
    meant = code_meant(said)
    return f"did you mean '{meant}'?" if meant else "write its code, as en or pt-BR"
