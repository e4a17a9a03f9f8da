"""Lines that are nothing but a photo credit: photographers, agencies, outlets. Words are in fields.toml."""

from __future__ import annotations

import re

from cleaners.people import (
    NOT_PEOPLE,
    PARTICLES,
    alternatives,
    is_called_like_people,
    is_person,
    load_phrases,
)

LONGEST_CREDIT_LINE, LONGEST_AGENCY_LINE = 110, 90

# Not "Source:", which sentences and notes of a story name as well.
PHOTO_PHRASES = load_phrases()["photos"] - {"source", "quelle", "zdroj", "graphic", "kép", "image source"}
PHOTOS = alternatives(PHOTO_PHRASES)
# Nor "credit/debit".
_PICTURE_PHRASES = frozenset(p for p in PHOTO_PHRASES if not p.startswith(("credit", "crédit")))
PICTURES = alternatives(_PICTURE_PHRASES)
AGENCIES = load_phrases()["agencies"]
_HANDED_ON = load_phrases()["handed-out"]
_OUTLETS = load_phrases()["outlets"]
AGENCY = alternatives(AGENCIES)
CLOSING = (")", "]", "）", ").", "].", "）.")
BETWEEN_CREDITED = re.compile(r"\s?[/|,]\s?")

_ENDINGS = (
    r"\.(?:at|be|bg|ch|com|cz|de|dk|es|fi|fr|gr|hr|hu|info|it|net|nl|no|org|pl|pt|ro|rs|ru|se|si|sk|tv|ua)"
)
# Not "Video:", which also heads lines of specifications and of lists.
_CREDIT_LINE = re.compile(
    rf"(?:{PHOTOS})(?:\scredit|\scourtesy|\s\(cc\))?\s?(?::|/|©|\b(?:by|courtesy of)\b\s?:?)"
    rf"\s?[^.!?:]{{2,80}}(?:{_ENDINGS}\)?)?"
    rf"|fot\.\s?[^.!?:]{{2,60}}(?:\.pl)?|(?:{PHOTOS})\s(?:{AGENCY})(?:\s?[/|]\s?[^.!?:]{{2,50}})?"
    r"|/?(?:写真|写真提供|撮影|画像|画像提供|图|图片|图片来源|图源|圖|圖片|圖片來源|圖源|摄影|攝影|摄|攝|사진|사진\s?제공|사진\s?출처"
    r"|صورة|الصورة|تصوير|عکس|צילום|צילומים|תמונה|קרדיט|फोटो|फोटो साभार|ภาพ)\s?[：:／/=＝]\s?.{1,40}"
    r"|عکس از .{2,40}|[\u4e00-\u9fff]{0,10}?\s?[\u4e00-\u9fff]{2,4}\s?[摄攝]",
    re.IGNORECASE,
)
_PICTURE_OPENINGS = frozenset(
    [word[:2] for word in PHOTO_PHRASES]
    + ["写真", "撮影", "画像", "图片", "图源", "圖片", "圖源", "사진", "/사"]
    + ["صو", "ال", "عک", "צי", "תמ", "फो", "ภา", "تص", "קר"]
    + [sign + mark for sign in "图圖摄攝" for mark in "：:／/=＝ "]
    + ["摄影", "攝影"]
)
# As the BBC marks them: "Image source, Getty Images", "Подпись к фото, Набережная вечером".
_IMAGE_NOTE = re.compile(
    rf"(?:(?:{alternatives(load_phrases()['image-notes'])})\s?[,،，]|image (?:caption|source|copyright))"
    r"\s?[^\W_][^\n]{1,280}",
    re.IGNORECASE,
)
_IMAGE_LABELS = frozenset(("image caption", "image copyright", "media caption"))
_NOTE_OPENINGS = frozenset(note[:2] for note in load_phrases()["image-notes"])
# "Cover photo: Jane Roe", "Borítókép: MTI": names alone follow.
_PLACED = re.compile(
    rf"(?P<label>{alternatives(load_phrases()['photo-places'])})(?:\s(?:credit|credits|via|by)\s?:?|\s?:)\s"
    r"(?P<who>[^!?:;\d]{2,60})",
    re.IGNORECASE,
)
_PLACE_OPENINGS = frozenset(place[:2] for place in load_phrases()["photo-places"])
_ALSO_HEADINGS = load_phrases()["also-headings"]
"""Of these only people and agencies are credited: "Photography: The Basics" heads a paragraph."""
_COPYRIGHT = re.compile(
    r"(?:copyright|\(c\)|（c）)\s?(?P<mark>[:：]?)\s?(?:©\s?)?(?P<who>[^.!?:;\d]{2,60})\.?", re.IGNORECASE
)
# "Photo Jane Roe", "Foto di Giulia Ferrantini", "PHOTO BASILE NORMANDEAU, LE COURRIER".
_PHOTO_NAME = re.compile(
    r"(?:photos?|fotos?|ph\.?|pic|picture|headshot|profile (?:photo|picture))\s?:?\s"
    r"(?:(?:archives?|archivio|archivo)\s)?(?:(?:di|de|da|of|von)\s)?(?P<who>[^.!?:;\d]{2,50})",
    re.IGNORECASE,
)
_CC = r"CC[ -](?:BY|0)(?:[ -](?:SA|NC|ND)){0,2}(?:\s\d\.\d)?\)?"
_LICENCE = re.compile(
    rf"(?:[^!?:;\n]{{2,80}}[,/|–—(-]\s?)?{_CC}"
    r"(?:,?\svia\s[^.!?:;\n]{2,40})?\.?"
)
_LICENCE_BEHIND = re.compile(rf"[\s,/|(–—-]{{1,3}}(?:(?:[Ll]izenz|[Ll]icen[cs]e)\s?:?\s)?{_CC}\.?$")
# A sign without a year; with one it is a notice of copyright.
_OWNED = re.compile(r"©\s?(?![^\n]*\b(?:19|20)\d\d\b)[^\W_][^.!?:;]{1,90}\.?")
_SUPPLIED = re.compile(
    r"(?:staff\s)?(?:photo|photograph|photography|picture|image|illustration|graphic|screenshot|screengrab|video)s?\s"
    r"(?:(?:is\s|are\s)?(?:courtesy(?:\sof)?|provided\sby|supplied\sby|submitted\sby|contributed\sby|shared\sby)"
    r"|via|by)\s(?P<who>[^.!?:]{2,60})\.?"
    r"|(?:courtesy\s(?:of\s)?(?:the\s)?|(?:screengrab|screenshot|divulgação|reprodução)\s?/\s?)(?P<owner>[^.!?:]{2,50})",
    re.IGNORECASE,
)
_SUPPLIED_OPENINGS = ("ph", "pi", "im", "il", "gr", "sc", "st", "vi", "co", "di", "re")
_FILE_PHOTO = re.compile(
    r"(?P<who>[^.!?:,]{2,40})\s(?:[Ff]ile|[Aa]rchive|[Hh]andout|[Ss]taff)\s(?:[Pp]hoto|[Ii]mage|[Pp]icture)s?"
)
_DRAWN = re.compile(
    r"(?:(?:Data|Source): ?[^:;]{2,60}; ?)?(?:Animation|Charts?|Graphics?|Infographic|Maps?|Table): ?"
    r"(?P<who>[^:;.!?]{3,60})"
)
PICTURE_AGENCIES = load_phrases()["picture-agencies"]
_ON_A_SITE = re.compile(
    r"(?:bild: ?|foto: ?|image: ?|photo: ?|quelle: ?|source: ?)?"
    r"(?:(?:stock\.adobe|istock|istockphoto|shutterstock|dreamstime|gettyimages"
    r"|unsplash|pixabay|pexels|depositphotos|freepik|123rf)\.com(?:\s?/\s?[^\n]{1,40})?"
    r"|©?\s?[^\W\d_][^.!?:;/\n]{2,40}\s?(?:[/–-]\s?|via\s)(?:stock\.adobe\.com|www\.imago-images\.de|imago-images\.de)"
    r"|(?:bluesky|facebook|instagram|telegram|threads|tiktok|twitter|youtube)\s?/\s?@?[^\W_][^.!?:;\n]{1,40})",
    re.IGNORECASE,
)
_HANDED_OUT = re.compile(
    r"(?:(?:Image|Photo|Picture)s?:? )?(?:Supplied|SUPPLIED)\.?|HANDOUT|Handout"
    r"|Contributed|Courtesy|Submitted|Screengrab|Cortesía|Divulgação"
    r"|(?:(?:Foto|Fotografía|Imagen|Imagem)s? c|C)edid[ao]s? (?:por|per) [^.!?:;,\n]{3,60}"
    r"|(?:Per|Su) gentile concessione (?:di |del |della |dell['’])[^.!?:;,\n]{3,50}"
    r"|Photos? (?:fournie|remise|transmise)s? par [^.!?:;,\n]{3,50}"
)
_TAKEN_BY = re.compile(
    r"[^\W\d_a-z][^!?:;\n]{1,160}\s(?<!\ba\s)(?<!\bthe\s)(?<!\bhis\s)(?<!\bher\s)(?<!\bthis\s)"
    r"(?:[Pp]hoto|[Gg]raphic|[Ii]llustration)\sby\s(?P<who>[^.!?:;,\n]{5,40})"
)
_SOURCE = re.compile(
    rf"(?:{alternatives(load_phrases()['photo-sources'])})\s?: ?(?P<who>[^.!?:]{{2,60}})", re.IGNORECASE
)
_AGENCY_PICTURE = re.compile(rf"(?:[—–-]\s?)?(?:{AGENCY})\s(?:pic|photo|picture)s?", re.IGNORECASE)
_BRACKETED = re.compile(
    rf"[(\[](?:(?:{PHOTOS}|फोटो|renderings?|borítókép|nyitókép|kiemelt kép|courtesy)\s?:"
    r"|(?:submitted|supplied|contributed)\sby\s|courtesy\sof\s)\s?(?P<who>[^()\[\]:]{2,80})[)\]]\.?"
    r"|[(\[（](?:写真|写真提供|撮影|画像|사진|사진\s?제공|图|图源|圖|צילום|תצלום|تصوير|عکس|صورة|تصویر)\s?[・:：=＝／/]\s?[^()（）\[\]]{2,40}"
    r"[)\]）]",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"(?P<name>[^()\[\]]{4,50}) [(\[](?P<owner>[^()\[\]]{2,40})[)\]]")


def is_credit_line(text: str) -> bool:
    """ "Photo: Jane Roe", "Quelle: dpa/Jonte Wiese", "Jane Roe (EFE)", "Chart: Jane Roe/Callan Examiner"."""
    if "CC" in text and (licence := _LICENCE_BEHIND.search(text, 2)):
        text = text[: licence.start()]
    if text[0] in "([（" and not text.startswith(("(c)", "(C)", "（C）", "（c）")):
        return text.endswith(CLOSING) and _is_bracketed(text)
    if text[0] in "©ⓒ":
        owner = text[1:].strip()
        is_owner = owner[:1].isupper() or "/" in owner or is_agency(owner) or owner in _PRIVATE
        return is_owner and bool(_OWNED.fullmatch(f"©{text[1:]}") or _ON_A_SITE.fullmatch(text))
    opening = text[:2].casefold()
    if (opening in _PICTURE_OPENINGS or text[-1] in "摄攝") and _CREDIT_LINE.fullmatch(text):
        return True
    if (opening in _NOTE_OPENINGS and is_image_note(text)) or _is_named_openly(text, opening):
        return True
    if opening in ("im", "me") and text.casefold() in _IMAGE_LABELS:
        return True
    if text[-1] == ":":
        return text[:-1].strip().casefold() in _PICTURE_PHRASES
    if opening in _SUPPLIED_OPENINGS and (found := _SUPPLIED.fullmatch(text)):
        return is_name_like((found["who"] or found["owner"]).replace(" and ", " "))
    filed = _FILE_PHOTO.fullmatch(text) if text.endswith(("hoto", "mage", "cture", "hotos")) else None
    return (filed is not None and is_name_like(filed["who"])) or _is_owned(text)


_PRIVATE = ("privat", "privé", "prive", "privato", "zvg", "zVg", "DR")


_BEHIND_NOTE = re.compile(r"[,،，]\s?")


def is_image_note(text: str) -> bool:
    """Behind the comma the caption or the owner begins: with a capital, if there are any."""
    found = _IMAGE_NOTE.fullmatch(text)
    behind = _BEHIND_NOTE.search(text) if found else None
    return found is not None and not (behind and text[behind.end()].islower())


def _is_named_openly(text: str, opening: str) -> bool:
    """ "Cover photo: Jane Roe", "Copyright Jane Roe/AP", "Photo Jane Roe", "Jane Roe, CC BY-SA 4.0"."""
    if opening in _PLACE_OPENINGS and (found := _PLACED.fullmatch(text)):
        who = found["who"].rstrip(".")
        pieces = [piece for piece in BETWEEN_CREDITED.split(who) if piece]
        is_handed_on = any(piece.casefold() in _HANDED_ON for piece in pieces)
        is_known = is_handed_on or is_agency(who) or is_called_like_people(who)
        if not is_known and (" " not in who or found["label"].casefold() in _ALSO_HEADINGS):
            return False
        return all(map(is_name_like, pieces))
    if opening in ("co", "(c", "（c") and (found := _COPYRIGHT.fullmatch(text)):
        who = found["who"]
        is_name = is_called_like_people(who) or is_signed(who) or is_agency(who) or is_agency_line(who)
        return is_name or (bool(found["mark"]) and " " in who.strip() and is_name_like(who))
    if opening in ("ph", "fo", "pi", "he", "pr") and (found := _PHOTO_NAME.fullmatch(text)):
        who, _, owner = found["who"].partition(", ")
        is_name = is_called_like_people(who.title() if who.isupper() else who)
        return who == "DR" or is_signed(who) or (is_name and (not owner or is_name_like(owner)))
    return "CC" in text and _LICENCE.fullmatch(text) is not None


def _is_bracketed(text: str) -> bool:
    """ "[Rendering: Northwater Studio]", "(Submitted by Jane Roe)", "(Jane Roe/Callan Examiner)", "(EFE)"."""
    if found := _BRACKETED.fullmatch(text):
        who = (found["who"] or "").split(",")[0].replace("+ ", "").replace("and ", "")
        return not who or is_name_like(who)
    inside = text.strip("()[].")
    name, slash, owner = inside.partition("/")
    if is_agency(inside) or (bool(slash) and is_agency_line(inside)):
        return True
    return bool(slash) and is_person(name.strip()) and is_name_like(owner.strip())


def _is_owned(text: str) -> bool:
    """What names a source, an agency's picture, who drew a chart, and a photographer's agency."""
    if text[0] in "—–-" or text.endswith(("pic", "pics", "hoto", "hotos", "cture", "ctures")):
        return bool(_AGENCY_PICTURE.fullmatch(text))
    if ":" in text:
        if found := _DRAWN.fullmatch(text):
            return is_signed(found["who"]) or is_called_like_people(found["who"])
        source = _SOURCE.fullmatch(text)
        who = source["who"].strip() if source else ""
        is_named = is_called_like_people(who) or ("/" in who and is_agency_line(who))
        is_known = is_named or who.casefold() in PICTURE_AGENCIES
        return is_known or _ON_A_SITE.fullmatch(text) is not None
    if _ON_A_SITE.fullmatch(text) or _HANDED_OUT.fullmatch(text):
        return True
    if found := _TAKEN_BY.fullmatch(text) if " by " in text else None:
        return is_called_like_people(found["who"])
    if found := _IN_BRACKETS.fullmatch(text) if text[-1] in ")]" else None:
        return is_called_like_people(found["name"]) and is_agency(found["owner"])
    return is_signed(text)


def is_signed(text: str) -> bool:
    """ "Jane Roe/Callan Examiner", "Jane Roe for The Examiner", "Jane Roe/KCAL": a person, and an outlet."""
    for mark in (" for /", "/", "|", " for "):
        name, there, owner = text.partition(mark)
        if there:
            name, owner = name.strip(), owner.strip()
            if mark == "/" and not is_called_like_people(name) and names_outlet(name):
                name, owner = owner, name
            is_named = owner.startswith(("The ", "For The ", "for The ")) and mark == "/"
            owner = owner.removeprefix("For ").removeprefix("for ").removeprefix("The ").removeprefix("the ")
            is_station = mark == "/" and owner.isupper() and owner.isalpha()
            is_outlet = is_station or is_named or names_outlet(owner)
            return is_outlet and is_called_like_people(name) and (is_name_like(owner) or "." in owner)
    return False


def names_outlet(owner: str) -> bool:
    """Whether a name is an outlet's: it has a word like "Examiner", or is a site."""
    words = owner.casefold().split()
    return any(word in NOT_PEOPLE or word in _OUTLETS for word in words) or (
        bool(words) and _SITE.fullmatch(words[-1]) is not None
    )


_SITE = re.compile(
    r"[a-z0-9-]{2,24}\.(?:at|be|ch|co\.uk|com|com\.au|cz|de|fr|hu|id|it|net|nl|org|pl|ro|ru|sk|ua|uk)"
)


def is_agency_line(text: str) -> bool:
    """ "Jane Roe/Getty Images", "© Tobin Hale / imago", "AFP", "dpa/epd": agencies, and names beside them."""
    if text.casefold() in AGENCIES or ("-" in text and _is_hyphened(text)):
        return True
    text = text.removesuffix(".") if "/" in text else text
    if text[-1] in ".!?:;," or not (
        "/" in text or "|" in text or "," in text or "©" in text or " via " in text
    ):
        return False
    pieces = BETWEEN_CREDITED.split(_VIA.sub("/", text.removeprefix("©").removeprefix("(c)").strip()))
    pieces = [piece for piece in pieces if piece]
    if len(pieces) > 4:
        return False
    others = [piece for piece in pieces if not is_agency(piece.removeprefix("via "))]
    if len(others) == len(pieces) > 1 and "/" in text:
        # "Jane Roe/Handout" is a credit, and "In/Out" is none.
        others = [piece for piece in pieces if piece.casefold() not in _HANDED_ON]
        return len(others) < len(pieces) and len(text.split()) > 1 and all(map(is_name_like, others))
    return len(others) < len(pieces) and all(map(is_name_like, others))


def _is_hyphened(text: str) -> bool:
    """ "Jane Roe-USA TODAY Sports"."""
    name, _, owner = text.rpartition("-")
    return " " in name and is_agency(owner) and is_person(name)


_VIA = re.compile(r"\svia\s|\s?/\s?[Pp]ool\b")
_ARM = re.compile(r" (?:images|photos?|news|sports?|pool|wire|archives?|archiv|stock)\Z")


def is_agency(piece: str) -> bool:
    folded = piece.casefold()
    return folded in AGENCIES or _ARM.sub("", folded) in AGENCIES


def is_name_like(piece: str) -> bool:
    """Up to five words with capitals, in scripts that have them."""
    words = piece.split()
    if not 0 < len(words) <= 5:
        return False
    return is_agency(piece) or all(word in PARTICLES or _is_capital(word[0]) for word in words)


def _is_capital(letter: str) -> bool:
    return letter.isalpha() and not letter.islower()
