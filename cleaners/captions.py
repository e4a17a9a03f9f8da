"""Captions and photo credits: whether a line is one, told from the line alone. Words are in fields.toml.

A caption is known by what stands at its edges (a credit, an agency, a label such as "Archivbild") or by
saying who stands where; never by what it describes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cleaners.credits import (
    AGENCY,
    BETWEEN_CREDITED,
    CLOSING,
    LONGEST_AGENCY_LINE,
    LONGEST_CREDIT_LINE,
    PHOTO_PHRASES,
    PHOTOS,
    PICTURE_AGENCIES,
    PICTURES,
    is_agency,
    is_agency_line,
    is_credit_line,
    is_image_note,
    is_name_like,
    is_signed,
    names_outlet,
)
from cleaners.people import alternatives, has_given_name, is_called_like_people, is_person, load_phrases

LONGEST_CAPTION = 400
LONGEST_FILED = 600
"""Captions of agencies behind "FILE -" tell the whole story behind the picture."""
LONGEST_CREDITED = 300
LONGEST_PLACED = 240
"""Captions that say who stands where: longer blocks are paragraphs."""
LONGEST_DATED = 260
_CREDIT_WITHIN = 100
"""Code points at a caption's end in which its credit stands."""

_LABELS = load_phrases()["file-pictures"]
_LABELS_MARKED = _LABELS | load_phrases()["pictured"]
_MARKED = re.compile(
    rf"[(\[]\s?(?:[^()\[\]:/]{{1,30}}\s)?(?:(?:{PHOTOS}|video|vídeo|vidéo|видео)\s?:|(?:{PICTURES}|video)\s?/"
    rf"|(?:{PICTURES})\s(?:by|via|courtesy|von|par|por|de|di)\s)\s?[^()\[\]]{{2,80}}[)\]]\.?$"
    rf"|[(\[](?:[^()\[\]]{{2,60}}/\s?)(?:{AGENCY})(?:\s?[/,][^()\[\]]{{1,40}})?[)\]]\.?$"
    r"|[(\[](?:(?:supplied|submitted|contributed|provided)(?:\sby\s|\s?:\s)|courtesy(?:\sof\s|\s?:\s))[^()\[\]]{2,60}[)\]]\.?$"
    r"|[(\[](?!see\b)(?-i:[A-ZÀ-Þ])[^()\[\]:]{1,40}\s(?:file\s)?(?:photos?|photograph|image|illustration|graphic)[)\]]\.?$"
    r"|[(\[](?:dok|dokumentasi)\b\.?\s?[:/]?\s?(?-i:[A-Z])[^()\[\]:]{1,40}[)\]]\.?$"
    r"|[(\[](?:foto|fot|photo|фото)\.?\s(?-i:[^\W_a-z])(?!allery|inish)[^()\[\]:]{1,40}[)\]]\.?$"
    r"|（(?:写真|撮影|画像|图|图片|圖)[：:／/=＝][^（）]{1,40}）$",
    re.IGNORECASE,
)
# Behind the end of a sentence, or a bar: "Gulls over the quay. Foto: Jonte Wiese/dpa".
_CREDITED = re.compile(
    rf"[.!?…|–—)”“\"»]\s{{0,2}}(?i:{PHOTOS})(?i:\s(?:by|courtesy(?: of)?|von|par|di)\s|\s?[:/©|]\s?)"
    rf"(?:©\s?)?(?:[^\W_a-z]|(?i:{AGENCY})\b|[a-z][\w-]{{1,14}}/)[^.!?:;]{{1,70}}(?:\.(?:com|de|net|org)\)?)?\.?$"
)
_STOPS = frozenset('.!?…”’"。」')
# Two looks for one: a class, and what begins with one, are found many times faster than either of them.
_MARK_OF_CREDIT = re.compile(r"[:：=/©|]")
_WORD_OF_CREDIT = re.compile(r"\s(?:by|von|courtesy|par|di)\s")
_PHOTO_WORDS = frozenset(phrase.split()[-1] for phrase in PHOTO_PHRASES)
_WORD_ENDS = re.compile(r"[\s:/©|.()]+")


def may_be_long_caption(text: str) -> bool:
    """A cheap look at a block of more than LONGEST_CREDIT_LINE: a paragraph is no caption."""
    size, last = len(text), text[-1]
    if text.startswith(_NOTES) or text.endswith(_RESERVED):
        return size <= LONGEST_CREDITED
    if _begins_with_day(text):
        return size <= LONGEST_CAPTION
    if size > LONGEST_PLACED and last in _STOPS and text[0] not in "F([":
        return last == "." and size <= LONGEST_CAPTION and (text.endswith(CLOSING) or _may_be_dated(text))
    if text.startswith(_FILED):
        return size <= LONGEST_FILED
    if size <= LONGEST_CAPTION and (last not in _STOPS or text.endswith(CLOSING)):
        return True
    if size > LONGEST_PLACED:
        return False
    return "(" in text or ":" in text or _BETWEEN_COMMAS.search(text) is not None or _may_be_dated(text)


# Labels and links come again in every article: a bounded memo of a pure function.
@lru_cache(maxsize=1 << 12)
def caption_rule(text: str) -> str | None:
    """The rule that knows the line for a caption or a credit. Cheap looks first: most short lines have
    nothing of either."""
    size = len(text)
    if text.startswith(_FILED) or (size <= LONGEST_CREDITED and _is_labelled(text)):
        return "caption/labelled"
    if text.startswith(_NOTES) and size <= LONGEST_CREDITED and is_image_note(text):
        return "caption/labelled"
    if size <= LONGEST_PLACED and _says_who_stands_where(text):
        return "caption/placed"
    if size <= LONGEST_CAPTION and _says_when(text):
        return "caption/dated"
    if size > LONGEST_CREDIT_LINE and text[-1] in _STOPS and not text.endswith((*CLOSING, *_RESERVED)):
        return None
    if size <= LONGEST_CREDIT_LINE and is_credit_line(text):
        return "caption/credit-line"
    if text.startswith(_BULLETS) and not is_agency_line(text):
        return None  # an item of a list, whatever it ends in
    if text.endswith(CLOSING):
        return "caption/marked" if _MARKED.search(text) or _ends_in_brackets(text) else None
    if size <= LONGEST_AGENCY_LINE and is_agency_line(text):
        return "caption/agency-line"
    return "caption/credited" if size <= LONGEST_CREDITED and _ends_in_credit(text) else None


# --- labels -----------------------------------------------------------------------------------

_FILED = (
    "FILE - ",
    "FILE – ",
    "FILE — ",
    "FILE -- ",
    "FILE PHOTO: ",
    "PHOTO: ",
    "FILES - ",
    "(FILES) ",
    "(FILE) ",
    "[FILE] ",
)
_RESERVED = ("All rights reserved.", "All Rights Reserved.")
_BULLETS = ("- ", "• ", "* ")
_NOTES = tuple(f"{note[:1].upper()}{note[1:]}" for note in load_phrases()["image-notes"])
_LABEL_ENDS = frozenset(label.split()[-1] for label in _LABELS)
_LABEL_OPENINGS = frozenset(label[:3] for label in _LABELS)
_LONGEST_LABEL = max(map(len, _LABELS_MARKED))


_LABELLED_OPENLY = re.compile(
    rf"(?:{alternatives(_LABELS)})\s(?:d['’]|(?:da|de|degli|dei|del|della|des|do|du|of|van|von)\s)",
    re.IGNORECASE,
)


def _label(text: str) -> str:
    return text.strip("※ ").rstrip(".。").casefold().replace("’", "'")


def _is_labelled(text: str) -> bool:
    """ "Archivbild", "Foto de archivo: el muelle", "(Symbolbild) Die Mole", "The quay (file photo)"."""
    if text[0] in "([（":
        closing = next((at for at, char in enumerate(text[: _LONGEST_LABEL + 2]) if char in ")]）"), 0)
        return closing > 0 and _label(text[1:closing]) in _LABELS_MARKED
    if text[-1] in ")]）" or text.endswith((").", "].")):
        opening = max(text.rfind("("), text.rfind("["), text.rfind("（"))
        return _label(text.rstrip(".")[opening + 1 : -1]) in _LABELS_MARKED
    if len(text) <= _LONGEST_LABEL + 1 and _label(text) in _LABELS:
        return True
    may_open = text[:3].casefold() in _LABEL_OPENINGS
    if may_open and _LABELLED_OPENLY.match(text):
        return "." not in text[:-1]
    head, colon, rest = text[: _LONGEST_LABEL + 2].replace("：", ":").partition(":")
    if colon and _label(head) in _LABELS_MARKED and not _is_listed(text):
        return bool(rest)
    if may_open and _is_label_and_credit(text):
        return True
    if _label(text.rpartition(" ")[2].rpartition("/")[2]) not in _LABEL_ENDS:
        return False
    last = max(text.rfind(mark, -_LONGEST_LABEL - 4) for mark in (". ", "/", "|", "– ", "— ", "- "))
    return _label(text[last + 1 :].lstrip(" –—-")) in _LABELS


_BEHIND_LABEL = re.compile(r"\s?[/|]\s?|\.\s|\s[–—-]\s|,?\s")


def _is_label_and_credit(text: str) -> bool:
    """ "Zdjęcie ilustracyjne / Shutterstock", "Photo d'illustration. Jane Roe", "File photo/Jane Roe": behind
    a blank alone only who is called like people, or an agency."""
    folded = text[: _LONGEST_LABEL + 1].casefold().replace("’", "'")
    for stop in _BEHIND_LABEL.finditer(text, 0, _LONGEST_LABEL + 4):
        if folded[: stop.start()] in _LABELS:
            who = text[stop.end() :].removeprefix("© ").rstrip(".")
            is_known = is_agency(who) or is_called_like_people(who) or is_signed(who)
            if who and (is_known or (stop[0].strip() and is_name_like(who)) or is_agency_line(who)):
                return True
    return False


def _is_listed(text: str) -> bool:
    """ "Pictured: the mayor, the clerk and others." is a caption; "Image: 4" is a row of a table."""
    return text[-1].isdigit() or len(text.split()) < 3


# --- who stands where -------------------------------------------------------------------------

_STANDING = load_phrases()["standing"]
_LONGEST_PARTY = 3
_LONGEST_STANDING = max(map(len, _STANDING))
_IN_A_ROW = tuple(load_phrases()["in-a-row"])
# Behind a name and a comma. "A gauche" and its kin say there what somebody votes for.
_BETWEEN_COMMAS = re.compile(rf", (?:{alternatives(load_phrases()['beside-a-name'])})[,.]")
# "The picture shows ...", as Chinese captions begin; with the last sign, "was ... by".
_SHOWN = re.compile(r"(?:[上下左右]?图|圖)[为為][^。所]{2,80}。?")
_SHORT_FOR_A_ROW = (
    "v.l.n.r",
    "v. l. n. r",
    "v.l. n.r",
    "(L-R)",
    "(l-r)",
    "(L–R)",
    "(l–r)",
    "(L to R)",
    "(L to r)",
    "(l to r)",
)
LONGEST_UNSPACED = 100
"""The same as `LONGEST_PLACED` where words are not spaced."""
_EASTERN_PLACE = re.compile(
    r"[（(](?:[左右][0-9０-９一二三四]?|左から|右から|左起|右起|[左右]から\S{1,4}番?目|中央|手前|奥|왼쪽|오른쪽|가운데|왼쪽부터"
    r"|(?:왼쪽|오른쪽)에서 ?\S{1,3} ?번째)[）)]"
)


def _says_who_stands_where(text: str) -> bool:
    """ "Jane Roe (left) with the engineers", "Von links: Annegret Voss und Jonte Wiese"."""
    if "“" in text or "„" in text or '"' in text:
        return False
    if _is_placed(text) or any(mark in text for mark in _SHORT_FOR_A_ROW) or _is_placed_by_commas(text):
        return True
    if (
        not text.isascii()
        and len(text) <= LONGEST_UNSPACED
        and (_EASTERN_PLACE.search(text) or _SHOWN.fullmatch(text))
    ):
        return True
    head, colon, rest = text.partition(":")
    is_named = colon and rest.lstrip()[:1].isupper()
    return bool(is_named) and head.casefold().rstrip(" .)").endswith(_IN_A_ROW)


def _is_placed_by_commas(text: str) -> bool:
    """ "Jane Roe, left, talks with the engineers": behind a word with a capital."""
    found = _BETWEEN_COMMAS.search(text)
    return found is not None and text[text.rfind(" ", 0, found.start()) + 1].isupper()


def _is_placed(text: str) -> bool:
    """Whether somebody's place stands in brackets behind a name."""
    opening, capitals = text.find(" ("), 0
    has_numbers = any(map(str.isdigit, text)) if opening > 0 else False
    while opening > 0:
        inside, closing, _ = text[opening + 2 : opening + _LONGEST_STANDING + 4].partition(")")
        mark = inside.rstrip(".")
        if closing and mark.casefold() in _STANDING and text[opening - 1].isalnum():
            # Beside numbers "(Centre)" is a party; a single capital letter may stand for one anywhere.
            is_word, is_small = len(inside) > _LONGEST_PARTY, mark in _STANDING
            capitals += not (is_word or is_small)
            if (is_small and is_word) or ((is_small or is_word or capitals > 1) and not has_numbers):
                return True
        opening = text.find(" (", opening + 2)
    return False


# --- the day and the place ---------------------------------------------------------------------


class _Dated(NamedTuple):
    """How captions of a language end that say when and where, and how it is told that something was."""

    day: re.Pattern[str]
    telling: re.Pattern[str]
    """A small word that no such caption has: of the past, of what will be, or of what somebody says."""


_PLACE = r"(?:,?\s[^.!?;:()\n]{2,60})?\.?\Z"
# With a day of the week alone, sentences of what happens now end so, too: but those have a stop.
_OPEN_PLACE = r"(?:,?\s[^.!?;:()\n]{2,60})?\Z"
_DATED = (
    _Dated(
        re.compile(
            r"\s(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)"
            r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)\s\d{1,2},\s(?:19|20)\d\d"
            r",\s(?:in|at|near|outside)\s[^.!?;:()\n]{2,60}\.\Z"
        ),
        re.compile(
            r"was|were|had|has|have|did|does|said|says|will|would|could|should|is|be|been|if|because|\w{2,20}ed"
            r"|began|broke|brought|built|came|caught|chose|died|drew|drove|fell|flew|fought|found|gave|got|grew|held"
            r"|hit|kept|knew|lay|led|left|lost|made|met|paid|quit|ran|rose|sang|sank|sat|saw|sent|shook|shot|sold"
            r"|spent|spoke|stole|stood|struck|swam|swept|swore|taught|thought|threw|told|took|tore|went|woke|won|wore"
            r"|wrote|begins|closes|ends|expires|opens|runs|starts|takes"
        ),
    ),
    _Dated(
        re.compile(
            r",\s(?:le\s\d{1,2}(?:er)?\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre"
            rf"|novembre|décembre)\s(?:19|20)\d\d{_PLACE}"
            rf"|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche){_OPEN_PLACE})"
        ),
        re.compile(r"a|ont|est|sont|né|née|fut|furent|dit|fait|selon|\w{2,20}(?:ait|aient|ra|ront|èrent)"),
    ),
    _Dated(
        re.compile(
            r",\s(?:el\s(?:pasado\s)?\d{1,2}\sde\s(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
            rf"|octubre|noviembre|diciembre)\sdel?\s(?:19|20)\d\d{_PLACE}"
            rf"|este\s(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo){_OPEN_PLACE})"
        ),
        re.compile(
            r"ha|han|es|son|fue|fueron|está|están|hay|dice|dijo|hizo|tuvo|nacid[oa]|según"
            r"|\w{2,20}(?:ó|aron|ieron|aba|aban|ía|ían|rá|rán|ría|rían)"
        ),
    ),
    _Dated(
        re.compile(
            r",\s(?:em\s\d{1,2}\sde\s(?:janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro"
            rf"|novembro|dezembro)\sde\s(?:19|20)\d\d{_PLACE}"
            r"|nest[ea]\s(?:segunda|terça|quarta|quinta|sexta|sábado|domingo)(?:-feira)?(?:\s\(\d\d?\))?"
            rf"{_OPEN_PLACE})"
        ),
        re.compile(
            r"é|são|foi|foram|tem|têm|está|estão|há|diz|disse|fez|nascid[oa]|segundo"
            r"|\w{2,20}(?:ou|eu|iu|aram|eram|iram|ava|avam|ia|iam|rá|rão)"
        ),
    ),
    _Dated(
        re.compile(
            r",\s(?:il\s\d{1,2}\s(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre"
            rf"|novembre|dicembre)\s(?:19|20)\d\d){_PLACE}"
        ),
        re.compile(
            r"è|ha|hanno|sono|fu|furono|dice|disse|nat[oa]|secondo|\w{2,20}(?:ava|avano|eva|evano|rà|ranno)"
        ),
    ),
)
_FEWEST_BEFORE = 4
"""Words in front of the day."""
_WORDS = re.compile(r"[^\W\d_]+")


def _may_be_dated(text: str) -> bool:
    """A cheap look: a year, or something behind a comma in what is no sentence."""
    end = text[-_CREDIT_WITHIN:]
    return " 20" in end or " 19" in end or (", " in end and text[-1] not in _STOPS)


_FILED_DAY = re.compile(r"[A-Z][a-z]{2,8}\.?\s\d{1,2},\s(?:19|20)\d\d;\s[A-Z][^;\n]{3,60};\s\S")
_DAY_WITHIN = 24
"""Code points in which such a day ends."""


def _begins_with_day(text: str) -> bool:
    """ "Oct 30, 2023; Northwater, Maine, USA; Jane Roe celebrates.", as agencies of sports file pictures."""
    return ";" in text[:_DAY_WITHIN] and _FILED_DAY.match(text) is not None


def _says_when(text: str) -> bool:
    """Whether a caption begins or ends with its day."""
    if _begins_with_day(text):
        return True
    return len(text) <= LONGEST_DATED and (_is_dated(text) or ("Au" in text and bool(_TAKEN_ON.search(text))))


def _is_dated(text: str) -> bool:
    """ "The ferry leaves the quay on Dec. 21, 2023, in Northwater.", "Le bac au port de Callan, lundi": one
    sentence of what is to be seen, with its day at the end. Agencies end captions so; a story that tells what
    happened has other verbs."""
    if not _may_be_dated(text) or "“" in text or '"' in text or "«" in text:
        return False
    for day, telling in _DATED:
        if found := day.search(text, max(0, len(text) - LONGEST_CREDIT_LINE)):
            words = _WORDS.findall(text[0].lower() + text[1:])  # other capitals begin names
            is_told = any(word.islower() and telling.fullmatch(word) for word in words)
            is_long = text.count(" ", 0, found.start()) >= _FEWEST_BEFORE - 1
            return is_long and not is_told and text[0].isupper()
    return False


# --- credits at the end of a caption ------------------------------------------------------------

# Without a full stop in front, but with a capital: "Gulls over the quay Foto: Jonte Wiese".
_CREDITED_OPENLY = re.compile(
    rf"\s(?=[^\W\d_a-z])(?:(?i:(?:{PHOTOS})\s?[:©])|(?i:copyright)(?=\s[^\W\d_a-z]))\s?([^\W_a-z][^.!?:;]{{1,60}})\Z"
)
# With nothing in front: "Gulls over the quayCredit: Jane Roe".
_CREDITED_GLUED = re.compile(
    r"[^\W_A-Z](?:Credit|Photo|Foto|Image|Bild|Crédit(?: photo)?|Crédito|Photograph|Quelle)\s?:"
    r"\s?([^\W_a-z][^.!?:;]{1,60})\Z"
)
_OWNED_BEHIND = re.compile(r"/\s?Copyright (?:19|20)\d\d\b[^\n]{0,60}\Z")
_LAST_PIECE = re.compile(r"[.!?…”\"|]\s{0,2}([^.!?…”\"|][^.!?…”\"]{2,70})\Z")
_LAST_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,70})[)\]]\.?\Z")
_SOURCES = load_phrases()["photos"] - PHOTO_PHRASES
# In small letters nobody would know it from the sentence: "Gulls over the quay NORTHLIGHT PICTURES".
_IN_CAPITALS = re.compile(
    r"[.!?…”\"]\s/\s(?:[A-Z]\.\s?){0,2}[A-ZÀ-Þ'’-]{3,24}(?:\s[A-ZÀ-Þ'’-]{3,24})?\Z"
    r"|[a-zß-ÿ][.”\"]?\s[A-ZÀ-Þ]{3,24}(?:\s[A-ZÀ-Þ]{3,24})?\s(?:IMAGES|PHOTOS?|PICTURES)\Z"
)
_NAMED_SOURCE = re.compile(
    rf"[.!?…|–—)”“\"»]\s{{0,2}}(?i:{PHOTOS}|bildquelle|quelle|source|bron|fonte|fuente|zdroj)\s?:\s?"
    r"([^\W_][^.!?:;]{1,40})\Z"
)
_NAME_IN_CAPITALS = re.compile(r"[a-zß-ÿ][.”\"]?\s([A-ZÀ-Þ]{3,16}\s(?:[A-ZÀ-Þ]\.\s)?[A-ZÀ-Þ'’-]{3,20})\Z")
_LAST_AGENCY = re.compile(
    r"(?:(\|)|[.”\"])\s{0,2}(?:[—–-]\s?)?([^\W\d_][^\W_ |.-]{1,14}(?:[ -][^\W\d_][^\W_ |.-]{1,14}){0,2}?)"
    r"(\s(?:pic|photo|picture)s?)?\Z"
)
_POLISH = re.compile(r"[\s/|(][Ff]ot\.:?\s?[^\W\d_a-z][^.!?:;]{1,60}(?:\.pl)?\Z")
# "Most nad portem / PAP / Jan Nowak", "El muelle de Callan - JANE ROE / EFE": an agency behind what is no
# sentence, and a photographer's behind a dash.
_SLASHED = re.compile(r"[^\W_]\s/\s?(?:[Źź]ródło:\s|[Ff]ot\.\s)?([^\W\d_][^.!?:;]{1,50})\Z")
_DASHED = re.compile(r"\s[–—-]\s([^\W\d_][^.!?:;/–—]{3,40}\s?/\s?[^\W\d_][^.!?:;/–—]{1,30})\Z")
# "... in the port. / Jane Roe", "... in the port. Photo Jane Roe".
_NAME_LAST = re.compile(
    r"[.!?…”\"»|]\s{1,2}(?:/|\||[Pp]hoto|PHOTO|Foto|FOTO|Ph\.?|Quelle:)\s([^\W\d_][^.!?:;/|]{4,40})\Z"
)
_HANDED_OVER = re.compile(
    r"[.!?…”\"]\s(?:Supplied|SUPPLIED|Handout|HANDOUT|Contributed|Courtesy|Submitted|Cortesía|Divulgação|Privat|zVg"
    r"|Cedid[ao]s? (?:por|per) [^.!?:;,\n]{3,60})\Z"
)
_TAKEN_ON = re.compile(
    r"[.(]\s?(?:Aufnahme|Aufgenommen)\s(?:vom|am|aus(?: dem(?: Jahr)?)?)\s(?:\d{1,2}\. ?)?"
    r"[^.!?()]{2,25}[.)]{0,2}\Z"
)
_BALTIC = re.compile(r"\bnuotr\.?\)?\Z")
_BEHIND_COMMA = re.compile(rf",\s(?i:fot\.|(?:{PHOTOS})\s?:)\s?[^\W_a-z][^.!?:;]{{1,60}}\.?\Z")
_EXPANDERS = ("hide caption", "toggle caption", "enlarge this image")
_EASTERN = re.compile(
    r"(?:있다|있는 모습|모습이다|모습)\.?\s?[/=ⓒ]?\s?"
    r"(?:연합뉴스|뉴시스|뉴스1|로이터|[가-힣A-Z]{2,12} ?제공|[가-힣]{2,4} ?(?:선임|인턴)?기자|AP|AFP|EPA)"
    r"(?:[/·=](?:연합뉴스|뉴시스|뉴스1))?\.?\Z"
    r"|[＝=][^。＝=]{2,40}(?:撮影|提供|共同|ロイター|AP|AFP時事)\Z"
    r"|[（(][^（）()]{1,30}[摄攝][)）][。.]?\Z"
    r"|[。」”！？]\s?[\u4e00-\u9fff]{2,4}\s?[摄攝][。.]?\Z"
    r"|[（(](?:图源|圖源|图片来源|圖片來源|摄影|攝影|来源|來源)[:：／/][^（）()]{1,30}[)）][。.]?\Z"
    r"|[^。]{4,80}[（(](?:资料图|资料图片|資料照|資料照片|資料圖片|イメージ|資料写真)[)）]\Z"
)


def _ends_in_brackets(text: str) -> bool:
    """ "The quay at dusk (Jane Roe/Callan Examiner)", "El muelle, en marzo (EFE)": a name and an outlet
    behind a slash anywhere, an agency by itself behind what is no sentence."""
    if not text.isascii() and (_EASTERN.search(text) or _BALTIC.search(text)):
        return True
    if not (found := _LAST_BRACKET.search(text)):
        return False
    inside = found[1]
    if is_signed(inside) or _is_owned(inside) or (" via " in inside and is_agency_line(inside)):
        return True
    source, colon, name = inside.partition(":")
    if colon and source.strip().casefold() in _SOURCES:
        is_titled = _TITLED.match(text) is not None
        return is_titled or is_called_like_people(name.strip())
    opening, _, owner = inside.partition(" ")
    if opening.casefold() in PHOTO_PHRASES and (is_agency(owner) or opening.casefold() == "fot."):
        return is_name_like(owner)
    before = text[: found.start()].rstrip()
    if (
        before.endswith((".", "!", "?", "…", "”"))
        and text[-1] != "."
        and inside.casefold() in PICTURE_AGENCIES
    ):
        return True
    is_open = len(before) >= _SHORTEST and not any(mark in before for mark in ".!?…:")
    return is_open and len(text) <= LONGEST_PLACED and is_agency(inside) and before.count(" ") > 2


def _is_owned(inside: str) -> bool:
    name, slash, owner = (part.strip() for part in inside.partition("/"))
    owner = owner.replace(" of the ", " ").replace(" of ", " ")
    is_named = is_called_like_people(name) or (is_person(name) and names_outlet(owner))
    return bool(slash) and ((is_named and is_name_like(owner)) or is_agency_line(inside))


_SHORTEST = 15
"""Code points in front of an agency in brackets."""
# "Jane Roe: The board's chairwoman is waiting. (Quelle: Reuters)": such a caption has a title.
_TITLED = re.compile(r"[^\W\d_a-z][^:.!?()\[\]]{2,60}: [^\W_]")


def _ends_in_credit(text: str) -> bool:
    """ "... on the quay. Foto: Jonte Wiese/dpa", "... | Jonte Wiese/dpa", "... © Jonte Wiese"."""
    if text.endswith(_EXPANDERS):
        return True
    end = text[-_CREDIT_WITHIN:]
    if not text.isascii() and end[-1] > "\u2fff" and _EASTERN.search(end):
        return True
    if (end[-1].isupper() and _ends_in_capitals(end)) or _HANDED_OVER.search(end):
        return True
    if ("ot." in end and (_BEHIND_COMMA.search(end) or _POLISH.search(end))) or _BALTIC.search(end):
        return True
    if _ends_in_agency(end) or _ends_in_names(text, end):
        return True
    if "opyright" in end and (_names_openly(end) or _OWNED_BEHIND.search(end)):
        return True
    if not (_MARK_OF_CREDIT.search(end) or _WORD_OF_CREDIT.search(end)):
        return False
    return _ends_in_marked_credit(end)


def _ends_in_capitals(end: str) -> bool:
    """ "... en el muelle NORTHWATER PICTURES", "... en el muelle JANE ROE": who is called like people."""
    if _IN_CAPITALS.search(end):
        return True
    named = _NAME_IN_CAPITALS.search(end)
    return named is not None and has_given_name(named[1].title())


def _ends_in_agency(end: str) -> bool:
    """ "... on the quay. REUTERS", "... on the quay | KYODO", "... on the quay. — AFP pic"."""
    tail = _LAST_AGENCY.search(end)
    if not tail or not (tail[2].isupper() or " " in tail[2] or tail[1] == "|" or tail[3]):
        return False
    return all(map(is_agency, tail[2].split("-"))) or is_agency(tail[2])


_FEWEST_CAPTION = 3
"""Words in front of an agency behind a slash or a dash."""


def _ends_in_names(text: str, end: str) -> bool:
    """ "... in the port / PAP / Jane Roe", "... in the port - JANE ROE / EFE", "... port. / Jane Roe"."""
    if "/" in end and len(text) <= LONGEST_PLACED:
        found = _SLASHED.search(end) or _DASHED.search(end)
        is_long = found is not None and text.count(" ", 0, len(text) - len(found[0])) >= _FEWEST_CAPTION - 1
        if found and is_long and (is_agency(found[1]) or is_agency_line(found[1])):
            return True
    named = _NAME_LAST.search(end)
    return named is not None and is_called_like_people(named[1].title() if named[1].isupper() else named[1])


def _names_openly(end: str) -> bool:
    named = _CREDITED_OPENLY.search(end) or _CREDITED_GLUED.search(end)
    return named is not None and all(map(is_name_like, BETWEEN_CREDITED.split(named[1])))


def _ends_in_marked_credit(end: str) -> bool:
    if not _PHOTO_WORDS.isdisjoint(_WORD_ENDS.split(end.casefold())) and (
        _CREDITED.search(end) or _names_openly(end) or _BEHIND_COMMA.search(end)
    ):
        return True
    if named := _NAMED_SOURCE.search(end):
        return named[1] in ("privat", "privé", "zVg", "Supplied") or is_agency(named[1])
    if ":" in end and _CREDITED_GLUED.search(end) and _names_openly(end):
        return True
    _, mark, owner = end.rpartition("©")
    if mark and owner.strip() and all(map(is_name_like, BETWEEN_CREDITED.split(owner.strip()))):
        return True
    tail = _LAST_PIECE.search(end)
    return tail is not None and "/" in tail[1] and (is_agency_line(tail[1]) or is_signed(tail[1]))
