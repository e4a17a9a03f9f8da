"""Facts on lines of their own are read whole or not at all."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Settings, captions, clean, credits, evidence, fields, people
from cleaners.article import Article
from cleaners.dates import read_date
from cleaners.people import is_person

STORY = (
    "The harbour board voted on Tuesday to close the old stone quay until the spring, after engineers found "
    "that its outer wall had settled by a hand's breadth, and to ask the county for the money to mend it."
)
MORE = (
    "Fishermen who land their catch there said that they had been told on Monday evening, by telephone, and "
    "that nobody had yet explained to them where eleven boats were supposed to unload in the meantime."
)

RULES_ALONE = Settings(without=frozenset(evidence.RULES))
LOUD_NOTES = (
    "Tom Hale is a Callan-based photographer and writer.",
    "About the writer: Jane Roe is a novelist.",
)
"""Of these the judgement hears that they are the site's, between paragraphs as well."""


def _above(line: str) -> Article:
    return clean(f"{line}\n\n{STORY}\n\n{MORE}")


def _below(line: str) -> Article:
    return clean(f"{STORY}\n\n{MORE}\n\n{line}")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Roe", ["Jane Roe"]),
        ("BY JANE ROE", ["Jane Roe"]),
        ("By Jane Roe and Tobin Okoro-Hale, Staff Writers", ["Jane Roe", "Tobin Okoro-Hale"]),
        ("By Jane Roe, Tobin Hale and Ann Poe | Callan Examiner", ["Jane Roe", "Tobin Hale", "Ann Poe"]),
        ("Written by J. R. Roe", ["J. R. Roe"]),
        ("Von Annegret van der Voss", ["Annegret van der Voss"]),
        ("Par Éloïse Tharaudeau", ["Éloïse Tharaudeau"]),
        ("Texto: Remedios Alcorisa Fuentes", ["Remedios Alcorisa Fuentes"]),
        ("Автор: Глафира Неверинова", ["Глафира Неверинова"]),
        ("文・霧島ちづる", ["霧島ちづる"]),
        ("Jane Roe, author of\u00a0 from Port Callan", ["Jane Roe"]),
        ("Jane Roe, senior political correspondent", ["Jane Roe"]),
        ("By Dr. Jane Roe", ["Jane Roe"]),
        ("ByJane Roe", ["Jane Roe"]),
        ("By Jane Roe in Port Callan", ["Jane Roe"]),
        ("By Jane Roe for the Callan Examiner", ["Jane Roe"]),
        ("By Jane Roe • March 12, 2025", ["Jane Roe"]),
        ("March 15, 2022 · 3 min read · By Jane Roe", ["Jane Roe"]),
        ("Jane Roe | Senior Writer | July 2, 2025", ["Jane Roe"]),
        ("Do 25.04.24 | 14:07 Uhr | Von Annegret Voss", ["Annegret Voss"]),
        ("Von Annegret Voss, jse", ["Annegret Voss"]),
        ("Propos recueillis par Éloïse Tharaudeau", ["Éloïse Tharaudeau"]),
        ("Di Giulia Ferrantini e Marco Bellosguardo", ["Giulia Ferrantini", "Marco Bellosguardo"]),
        ("Door Marijke van der Velden", ["Marijke van der Velden"]),
        ("Penulis: Dewi Kusumawardani", ["Dewi Kusumawardani"]),
        ("Yazan: Ayşe Karaduman", ["Ayşe Karaduman"]),
        ("Piše: Jagoda Kolarić", ["Jagoda Kolarić"]),
        ("Autoři: Jana Kolářová, Petr Mareš", ["Jana Kolářová", "Petr Mareš"]),
        ("Opracowanie: Anna Kowalczyk", ["Anna Kowalczyk"]),
        ("김하늘 기자 haneul@callan.example", ["김하늘"]),
        ("바른골=김하늘 기자", ["김하늘"]),
        ("[바른골=김하늘 기자]", ["김하늘"]),
        ("(바른골=새강뉴스) 김하늘 기자", ["김하늘"]),
        ("Written By: अनीता रावत", ["अनीता रावत"]),
        ("By: अनीता रावत", ["अनीता रावत"]),
        ("द्वारा अनीता रावत", ["अनीता रावत"]),
        ("अनीता रावत द्वारा", ["अनीता रावत"]),
        ("अनीता रावत, विशेष संवाददाता", ["अनीता रावत"]),
        ("प्रस्तुति: अनीता रावत", ["अनीता रावत"]),
        ("記者林以恩／白沙報導", ["林以恩"]),
        ("〔記者陳小舟/綜合報導〕", ["陳小舟"]),
        ("بقلم: سلمى الحداد", ["سلمى الحداد"]),
        ("מאת נועה ברקאי", ["נועה ברקאי"]),
        ("Eine Reportage von Annegret Voss", ["Annegret Voss"]),
        ("By Jane Roe Staff Writer", ["Jane Roe"]),
        ("By Jane Roe March 12, 2025 6 min read", ["Jane Roe"]),
        ("By Jane Roe | jroe@callan.example", ["Jane Roe"]),
        ("By Jane Roe Special to the Examiner", ["Jane Roe"]),
        ("Von Annegret Voss mit AP", ["Annegret Voss"]),
        ("By JANE ROE Associated Press", ["Jane Roe"]),
        ("March 12, 2025 by Jane Roe", ["Jane Roe"]),
        ("Posted on June 12, 2025 by Jane Roe", ["Jane Roe"]),
        ("12.03.2025 von Annegret Voss", ["Annegret Voss"]),
        ("-- By Jane Roe", ["Jane Roe"]),
        ("Jane Roe, March 12, 2025", ["Jane Roe"]),
        ("June 12, 2025 | Jane Roe", ["Jane Roe"]),
    ],
)
def test_an_author_line_becomes_the_byline_and_its_authors(line: str, names: list[str]) -> None:
    article = _above(line)
    assert [author.name for author in article.authors] == names
    assert article.byline is not None
    assert article.text.startswith("The harbour board")


@pytest.mark.parametrize(
    "line",
    [
        "By noon, the quay was empty",
        "अनीता रावत, रायगढ़",
        "Piše knjige za djecu i odrasle",
        "물은 다리보다 높다=김하늘 기자의 말",
        "द्वारा सड़क के उस पार एक पुराना पुस्तकालय है",
        "By John Alder's reckoning, it has a year",
        "By Tuesday the boats had gone.",
        "By the sea",
        "Von der Mole zum Markt",
        "Par temps calme, on voit l’île",
        "Jane Roe, 41, of Port Callan",
        "Port Callan | Opinion",
        "Callan Bay",
        "Di domenica il porto riposa",
        "By Jane Roe, who should have known better",
    ],
)
def test_a_line_that_only_looks_like_a_byline_stays(line: str) -> None:
    article = _above(line)
    assert article.authors == []
    assert article.text.startswith(line)


def test_a_byline_in_mid_story_stays() -> None:
    article = clean(f"{STORY}\n\n{MORE}\n\nBy Jane Roe\n\n{MORE[:-1]} there.")
    assert "By Jane Roe" in article.text


def test_a_list_of_works_names_no_author_of_the_story() -> None:
    works = ["Salt Lines", "by Jane Roe", "Cold Decks", "by Ida Moor", "The Ferrymen", "by Tom Birch"]
    assert clean("\n\n".join([STORY, *works, MORE])).authors == []
    together = clean("\n\n".join([STORY, "by Jane Roe", "by Ida Moor", "by Tom Birch", MORE]))
    assert [author.name for author in together.authors] == ["Jane Roe", "Ida Moor", "Tom Birch"]


def test_a_byline_below_a_long_dek_is_a_byline() -> None:
    article = clean(f"{STORY}\n\nBy Jane Roe\n\n{MORE}")
    assert article.byline == "By Jane Roe"


def test_people_are_told_from_outlets_and_sentences() -> None:
    assert is_person("Ursula von der Leyen")
    assert is_person("Siobhán O’Hara")
    assert not is_person("Callan Examiner Staff")
    assert not is_person("Roe said")
    assert not is_person("Jane")


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("March 12, 2024 | 10:15 AM", "2024-03-12T10:15"),
        ("Published: 12 March 2024", "2024-03-12"),
        ("Posted on Monday, Sept. 2, 2024 at 9:05 p.m. EST", "2024-09-02T21:05"),
        ("2024-03-12", "2024-03-12"),
        ("Veröffentlicht am 14. März 2024, 17:42 Uhr", "2024-03-14T17:42"),
        ("Stand: 14.03.2024", "2024-03-14"),
        ("Publié le 22 février 2024 à 18h05", "2024-02-22T18:05"),
        ("Publicado el 3 de mayo de 2024", "2024-05-03"),
        ("Опубликовано: 5 сентября 2024 г., 14:30", "2024-09-05T14:30"),
        ("2024年4月9日 16時30分", "2024-04-09T16:30"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
        ("03/04/2024", None),
    ],
)
def test_a_line_of_dates_is_read_without_inventing_anything(line: str, iso: str | None) -> None:
    article = _above(line)
    assert article.date_published_raw == line
    assert article.date_published == iso
    assert line not in article.text


def test_an_update_is_no_publication() -> None:
    article = _above("Updated 5 March 2024")
    assert (article.date_published, article.date_modified) == (None, "2024-03-05")


@pytest.mark.parametrize(
    "line", ["March 2024", "On 12 March 2024 the quay closed", "12 boats, 3 crews", "May 12", "Page 3"]
)
def test_a_line_with_anything_else_on_it_is_no_date(line: str) -> None:
    assert read_date(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Gulls over the quay on Monday. (Photo: Jane Roe)",
        "Gulls over the quay on Monday. [NWA Photo/Jane Roe]",
        "The quay in better days. (Video: The Callan Examiner)",
        "Möwen über der Mole. (Foto: Jonte Wiese)",
        "Möwen über der Mole (Foto Jonte Wiese)",
        "Strażacy na molo (fot. OSP Nadrzeka / archiwum)",
        "Des goélands. (Photo : Basile Normandeau)",
        "港のカモメ（写真：鵜殿健作）",
        "Photo: Jane Roe / Northwater Agency",
        "Photo courtesy of the harbour board",
        "Jane Roe/Getty Images",
        "© Jonte Wiese/imago",
        "AFP/Getty Images",
        "Ministerin Wiese am Kai. Foto: Jonte Wiese/dpa",
        "The quay at dusk. Credit: Jane Roe",
        "Gulls over the quay | Bild: Jonte Wiese",
        "The quay at dusk (Jane Roe/AFP)",
        "Der Kai am Abend. Jonte Wiese/dpa",
        "The quay at dusk. | Jane Roe/AFP via Getty Images",
        "Der Kai am Abend © dpa | Jonte Wiese",
        "Leere Kaimauer Foto: Nordbild/Jonte Wiese",
        "Bildrechte: dpa/Jonte Wiese",
        "[Image via Callan County]",
        "Zdjęcie: Zofia Brzezińska",
        "사진=김하늘",
        "© Nordbild/Jonte Wiese",
        "Archivbild: Die Mole im Frühjahr",
        "(Symbolbild) Wenn die Fähre nicht fährt, wird der Weg weit.",
        "The quay in May (file photo)",
        "Jane Roe (L) and Jonte Wiese (R) on the quay.",
        "Mayor Roe (left) with the engineers on the quay.",
        "Von links: Annegret Voss und Jonte Wiese am Kai.",
        "Gulls over the quay. (Jane Roe/Callan Examiner)",
        "El alcalde con los pescadores en el muelle (EFE)",
        "A gull on the quay Copyright Jane Roe/AP",
        "Photo provided by Jane Roe.",
        "Courtesy of Callan County",
        "Jane Roe via Getty Images",
        "Jane Roe: Die Hafenmeisterin wartet auf das Geld. (Quelle: Nordwelle)",
        "Quelle: picture alliance/dpa/Jonte Wiese",
        "Quelle: Getty Images",
        "Die Mole von Callan. Foto: privat",
        "© privat",
        "iStock.com/gulls",
        "Instagram/@janeroe",
        "Photo: Supplied",
        "U.S. Navy photo by Jane Roe",
        "Image source, Getty Images",
        "Image caption, The quay in 2020",
        "Pic: Reuters",
        "The quay at Callan (AFP via Getty Images)",
        "The quay at Callan | KYODO",
        "The quay at Callan. — AFP pic",
        "The quay at Callan. EUROPA PRESS",
        "(Xinhua/Jane Roe)",
        "Fot. Jan Nowak / Agencja Portowa",
        "Most w porcie Fot. Jan Nowak",
        "Uostas (Jono Jonaičio nuotr.)",
        "Снимка: БТА",
        "Jane Roe / Callan Examiner",
        "Jane Roe (Getty Images)",
        "Staff photo by Jane Roe",
        "Map: Jane Roe/Callan Examiner",
        "El muelle de Puerto Callan JANE ROE",
        "Imagen de archivo del muelle de Callan.",
        "Foto:",
        "[Rendering: Northwater Studio]",
        "The quay on Monday. (Supplied: Jane Roe)",
        "Möwen über der Mole. (Quelle: Imke Rasmus)",
        "La alcaldesa, en el muelle. / J. ECHEVARRÍA",
        "Gulls over the quay. (Jane Roe for The Callan Examiner)",
        "The quay in better days. (Courtesy of the Roe family)",
        "The quay on Monday. (KCAL photo)",
        "Most nad portem, fot. UG Kalinowo",
        "The quay at dusk NORTHWATER PICTURES",
        "漁港的清晨。林以恩 攝",
        "「漁港」仍亮著燈。(記者林以恩攝)",
        "(Submitted by Jane Roe)",
        "(Jane Roe/Callan Examiner)",
        "Mayor Ines Roe, left, talks with the engineers on the quay.",
        "The clerk, Jonte Wiese, second from right, and the harbour board.",
        "Hafenmeisterin Annegret Voss, links, mit den Fischern.",
        "Fishermen mend their nets on the quay on Dec. 21, 2023, in Port Callan.",
        "Le bac dans le port de Callan, le 4 mars 2024",
        "Des marins pêcheurs défilent à Corvane, lundi",
        "La alcaldesa de Puerto Callan, este martes en el muelle",
        "O prefeito diante do cais de Vila Callan, nesta terça-feira (12)",
        "Il traghetto al molo di Callan, il 3 marzo 2024.",
        "Jane Roe/The Callan Ledger",
        "Callan Ledger/Jane Roe",
        "Jane Roe | Callan Ledger",
        "Jane Roe for The Callan Ledger",
        "Jane Roe / Handout",
        "Jan Nowak / portowa.pl",
        "Cover photo: Jane Roe",
        "Screenshot: YouTube",
        "Aufmacherbild: Jonte Wiese",
        "Borítókép: MTI",
        "(Borítókép: Kovács Géza)",
        "Görsel kaynağı: Getty Images",
        "Źródło zdjęć: Getty Images",
        "Copyright Jane Roe",
        "Copyright: AP Photo",
        "Photo Basile Normandeau",
        "Foto di Giulia Ferrantini",
        "PHOTO BASILE NORMANDEAU, LE COURRIER",
        "Jane Roe, CC BY-SA 4.0, via Wikimedia Commons",
        "© Jonte Wiese - stock.adobe.com",
        "Source: Supplied",
        "Courtesy photo",
        "Photo supplied",
        "Image used for representational purposes only",
        "zdj. ilustracyjne",
        "Zdjęcie ilustracyjne / Shutterstock",
        "Photo d’illustration. Basile Normandeau",
        "Foto referencial",
        "Imagem meramente ilustrativa",
        "Temsili görsel",
        "Фото из открытых источников",
        "Fotoğraf kaynağı, Getty Images",
        "Подпись к фото, Причал вечером",
        "Légende image, Le port de Callan au petit matin.",
        "[사진=연합뉴스]",
        "사진제공=항구시",
        "ⓒ연합뉴스",
        "图/视觉中国",
        "圖片來源：路透社",
        "林以恩 摄",
        "（撮影・鵜殿健作）",
        "※写真はイメージです",
        "(צילום: נועה ברקאי)",
        "Most nad portem fot. Jan Nowak",
        "Most nad małym portem / PAP / Jan Nowak",
        "Most nad małym portem / Shutterstock",
        "El muelle de Callan - JANE ROE / EUROPA PRESS",
        "El muelle de Callan. / Remedios Alcorisa",
        "Le port de Callan. Photo Basile Normandeau",
        "Die Mole am Abend. – Jonte Wiese/dpa",
        "Die Mole am Abend. Foto: picture alliance / Nordbild | Jonte Wiese",
        "The quay at dusk. Photo: callanpics/Jane Roe",
        "PHOTO: Gulls over the quay in Port Callan on March 1, 2023.",
        "Oct 30, 2023; Northwater, Maine, USA; Gulls celebrate above the quay in the second half.",
        "Jane Roe-USA TODAY Sports",
        "By Jane Roe/Getty Images.",
        "All photos: Jane Roe",
        "Photo by: Jane Roe",
        "Source: unsplash.com",
        "Gettyimages.com/ Northlight",
        "Screenshot: YouTube/Northwater",
        "Foto: Jan Novák, Callan.cz",
        "Ljósmynd/Aðsend",
        "Foto: Imke Rasmus CC BY-SA 4.0",
        "Photo: Jane Roe via Flickr (CC BY 2.0)",
        "Image: Jane Roe / Wikimedia Commons, licence: CC BY-NC 3.0",
        "Photo (cc) : janeroe",
        "Image caption",
        "ΦΩΤΟΓΡΑΦΙΑ: EUROKINISSI",
        "Kép: Shutterstock",
        "תמונה: שאטרסטוק",
        "新华社记者 林以恩 摄",
        "图为傍晚的码头。",
        "Cedida por la Junta del Puerto",
        "Foto cedida por la Junta del Puerto",
        "Per gentile concessione di Casa Ferrantini",
        "Contributed",
        "Gulls over the rebuilt quay. Supplied",
        "Las gaviotas sobre el muelle. Cedida por la Junta del Puerto",
        "Gulls over the quay on Nov. 21, 2023. (Wilmot Roe/Callan Tribune)",
        "Gulls over the quay on Nov. 21, 2023. (Jane Roe/Office of the Mayor)",
        "The quay reopens to boats on March 12. (Unsplash)",
        "Suasana dermaga di Callan (Dok. Humas Callan)",
        "Die Mole bei Nordwasser. Aufnahme vom 3. Juli.",
        "(L–R) Jane Roe and Wilmot Hale in the wheelhouse of the ferry",
        "Der alte Vorstand (von li nach re): Annegret Voss, Jonte Wiese, Imke Rasmus",
        "V. l.: Annegret Voss, Jonte Wiese und Imke Rasmus",
        "港の関係者（左から）鵜殿、馬場、林",
        "El muelle de Callan por la tarde. | Remedios Alcorisa",
        "The harbour-master speaks, at the council's table above the old quay, to those who came from both of the"
        " towns and from the islands to hear when the ferry may be expected back.Jane Roe/Copyright 2026 The AP. All rights reserved.",
    ],
)
def test_captions_and_photo_credits_leave_the_text(line: str) -> None:
    article = clean(f"{STORY}\n\n{line}\n\n{MORE}")
    assert line not in article.text
    assert ("caption", line) in [(block.type, block.text) for block in article.blocks]


@pytest.mark.parametrize(
    "line",
    [
        "Photo finishes decided three of the races (see page 4).",
        "- The harbour by night: all about lamps and nets. Photo: Callan Harbour",
        "• Jane Roe (Callan Examiner/AP)",
        "“It is a photo of nothing,” she said.",
        "The board (in a video call) agreed.",
        "Video may help, he said.",
        "Video: 4K at 30 frames with no crop",
        "Reuters.",
        "She held up the photo: Jonte Wiese, aged six.",
        "He gave two sources (the clerk and the Reuters man).",
        "The credit goes to Jane Roe.",
        "He asked for either/or, and got neither/nor",
        "Bring a wallet (credit/debit cards, cash)",
        "Prices rose by four per cent in a year (source: the statistics office).",
        "Forty boats were counted. Source: Callan Examiner",
        "The ratio was 3/4. Two boats in five/six",
        "Source: the harbour board's own ledger",
        "© stamps on title pages shall not be inked over.",
        "Keep the lamp (left over from the war) lit.",
        "Courtesy of the sea, the quay is gone",
        "Archive photos of the quay: nobody wants them",
        "The ferry drifted from left: to right it could not.",
        "Jane Roe (Centre), 4512 votes",
        "Jonte Wiese (m), 4120 (41.2)",
        "The boats turned, left, and made for the quay.",
        "Some went out, right, and some stayed in.",
        "The ferry sank in a storm on Dec. 21, 2023, in Port Callan.",
        "The exhibition opens to the public on Dec. 21, 2023, in Port Callan.",
        "Le conseil a voté le plan à Corvane, le 4 mars 2024.",
        "Le bac partira de nouveau du port, lundi.",
        "Le conseil examine le plan, mercredi.",
        "El consejo vota el plan del muelle, este martes.",
        "El consejo aprobó el plan en Puerto Callan, este martes.",
        "O conselho aprovou o plano do cais, nesta terça-feira (12).",
        "Il consiglio ha approvato il piano, il 3 marzo 2024.",
        "Née dans le port de Callan, le 3 mars 1950",
        "[Note: the quay was rebuilt twice]",
        "Source: the harbour board",
        "She won with a photo by Jane Roe",
        "Supplied by sea alone",
        "Submitted papers were lost",
        "The board asked for the papers. Submitted too late",
        "Cedida por el club, la red volvió al puerto",
        "Oct 30, 2023; a Monday; and it rained",
        "The old-time AP",
        "The choice is either (left/right)",
        "The ferry ran on Monday. (It did not)",
        "All photos are lost",
        "图为先行者所绘，后人不知",
        "(c) Members",
        "Jane Roe for Mayor of All of Callan",
        "Jane Roe Grant for HIV/AIDS Programmes",
        "Map: the quay and both of its ends",
        "He was asked what he reads. Reuters",
        "The board (and the press / the clerk) agreed.",
        "Credits:",
        "She pinned it to the wall (her favourite photo)",
        "He kept what he had drawn (see the photo)",
        "Prices rose (Quelle: Statistisches Amt)",
        "He shot both, fot reasons of his own",
        "It was read on the quay by ALL THE PRESS",
        "Tides in focus: Northwater / CLOUD",
        "(boats/crews)",
        "In/Out",
        "Teachers/Staff",
        "Teachers, Staff",
        "Cover photo: 820 by 312 pixels",
        "Cover image: choose one with gulls on it",
        "Screenshots: how to take them",
        "Copyright Infringement",
        "Copyright law protects it for seventy years",
        "Photo Finish at Port Callan",
        "Photo of the year: a gull",
        "Jane Roe/Tom Hale",
        "Jane Roe for The Win",
        "Stock Photo Sites",
        "He paid half the rent and/or Shutterstock",
        "The board voted / the clerk did not",
        "CC BY nobody",
        "Photography: The Basics",
        "Crédito, dinheiro e Pix são aceitos.",
        "Pie de foto, dijo el editor, es lo que falta.",
        "The council heard from both. Photo finishes are rare",
        "It is a stand-off - the board / the clerk",
    ],
)
def test_sentences_about_pictures_and_credits_stay(line: str) -> None:
    assert line in clean(f"{STORY}\n\n{line}\n\n{MORE}").text


def test_reporters_notes_become_authors_with_places() -> None:
    article = _below(
        "Roe reported from Port Callan and Hale from Albany. Ann Poe in Newark contributed to this report."
    )
    assert [(a.name, a.location) for a in article.authors] == [
        ("Roe", "Port Callan"),
        ("Hale", "Albany"),
        ("Ann Poe", "Newark"),
    ]
    assert article.text == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize(
    ("note", "helpers"),
    [
        ("AP writer Jane Roe in Albany contributed.", [("Jane Roe", "Albany")]),
        (
            "AP journalists Jane Roe, Tom Hale and Mary Poe in Albany; Ann Hale in Rome; and Peter Roe in Newark"
            " contributed to this report.",
            [
                ("Jane Roe", "Albany"),
                ("Tom Hale", "Albany"),
                ("Mary Poe", "Albany"),
                ("Ann Hale", "Rome"),
                ("Peter Roe", "Newark"),
            ],
        ),
        (
            "Ann Poe in Newark, Ohio, and AP National Writer Jane Roe in Albany, New York, contributed to this report.",
            [("Ann Poe", "Newark"), ("Jane Roe", "Albany")],
        ),
        (
            "Roe reported from Rome. AP writers Tom Hale in Albany and Ann Poe in Newark contributed to this report.",
            [("Roe", "Rome"), ("Tom Hale", "Albany"), ("Ann Poe", "Newark")],
        ),
    ],
)
def test_notes_on_who_helped_name_people_and_their_places(note: str, helpers: list[tuple[str, str]]) -> None:
    article = _below(note)
    assert article.text == f"{STORY}\n\n{MORE}"
    assert [(a.name, a.location) for a in article.authors] == helpers


def test_a_surname_in_a_note_is_the_author_of_the_byline() -> None:
    article = clean(f"By Jane Roe\n\n{STORY}\n\n{MORE}\n\nRoe reported from Port Callan.")
    assert [(a.name, a.location) for a in article.authors] == [("Jane Roe", "Port Callan")]


@pytest.mark.parametrize(
    "line",
    [
        "Losses were reported from Port Callan and other towns.",
        "Roe reported from memory.",
        "The storm contributed to this.",
        "She contributed to this report after it was leaked.",
    ],
)
def test_sentences_about_reporting_stay(line: str) -> None:
    assert line in _below(line).text


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("PORT CALLAN — ", "PORT CALLAN"),
        ("NEW YORK – ", "NEW YORK"),
        ("PORT CALLAN, Maine -- ", "PORT CALLAN, Maine"),
        ("PARIS (NWA) — ", "PARIS"),
        ("Tel Aviv\u00a0— ", "Tel Aviv"),
    ],
)
def test_a_dateline_is_read_and_stays_in_its_paragraph(opening: str, place: str) -> None:
    article = clean(f"{opening}{STORY}\n\n{MORE}")
    assert article.dateline == place
    assert article.text.startswith(opening)


@pytest.mark.parametrize(
    "opening", ["The mayor — a former pilot — said. ", "Alder — who left early — said no. "]
)
def test_a_dash_in_a_sentence_is_no_dateline(opening: str) -> None:
    assert clean(f"{opening}{STORY}\n\n{MORE}").dateline is None


def test_names_roles_and_places_stand_apart() -> None:
    (placed,) = _above("By Jane Roe in Port Callan").authors
    assert (placed.name, placed.location, placed.role) == ("Jane Roe", "Port Callan", None)
    (titled,) = _above("Jane Roe | Senior Writer | July 2, 2025").authors
    assert (titled.name, titled.role) == ("Jane Roe", "Senior Writer")
    assert _above("Jane Roe | Senior Writer | July 2, 2025").date_published == "2025-07-02"


def test_an_author_line_broken_by_an_extractor_is_one_author() -> None:
    article = clean(
        f"The old quay is sinking, engineers say\n\nBy\n\nJane Roe\n\nStaff writer\n\n{STORY}\n\n{MORE}"
    )
    assert [(author.name, author.role) for author in article.authors] == [("Jane Roe", "Staff writer")]
    assert article.text.startswith("The harbour board")


def test_a_lone_name_is_the_author_unless_the_story_is_about_its_bearer() -> None:
    title = "The old quay is sinking, engineers say"
    alone = clean(f"{title}\n\nJane Roe\n\n{STORY}\n\n{MORE}")
    assert [author.name for author in alone.authors] == ["Jane Roe"]
    about = clean(f"{title}\n\nJane Roe\n\n{STORY[:-1]}, Roe said.\n\n{MORE}")
    assert about.authors == []
    assert "Jane Roe" in about.text


def test_a_line_of_day_source_and_author_gives_both() -> None:
    article = _above("2024-05-01 10:15 来源：港口报 作者：王小红 编辑：李明")
    assert (article.date_published, [author.name for author in article.authors]) == (
        "2024-05-01T10:15",
        ["王小红"],
    )
    assert article.text.startswith("The harbour board")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Jane Roe in Port Callan", [("Jane Roe", "Port Callan")]),
        ("Jane Roe, CNM", [("Jane Roe", None)]),
        (
            "Jane Roe, Tom Hale and Ysolde Quill",
            [("Jane Roe", None), ("Tom Hale", None), ("Ysolde Quill", None)],
        ),
        ("Story by Jane Roe • 2h", [("Jane Roe", None)]),
    ],
)
def test_under_a_headline_a_name_may_have_a_place_or_an_outlet_behind_it(
    line: str, authors: list[tuple[str, str | None]]
) -> None:
    article = clean(f"The old quay is sinking, engineers say\n\n{line}\n\n{STORY}\n\n{MORE}")
    assert [(author.name, author.location) for author in article.authors] == authors
    assert article.text.startswith("The harbour board")


@pytest.mark.parametrize(
    "line", ["Callan in Winter", "Old Callan, NYC", "Jane Roe, Port Callan and Sill Cove"]
)
def test_under_a_headline_a_line_of_places_is_no_author(line: str) -> None:
    article = clean(f"The old quay is sinking, engineers say\n\n{line}\n\n{STORY}\n\n{MORE}")
    assert article.authors == []


def test_a_line_between_headline_and_author_is_the_dek_and_a_label_above_the_kicker() -> None:
    title, dek = "The old quay is sinking, engineers say", "A hand's breadth since spring, and nobody to pay."
    article = clean(f"Harbour\n\n{title}\n\n{dek}\n\nBy Jane Roe\n\n{STORY}\n\n{MORE}")
    assert (article.headline, article.description) == (title, dek)
    assert article.text.startswith(dek)


@pytest.mark.parametrize(
    "line",
    [
        "By Associated Press",
        "Von dpa",
        "Par AFP",
        "Par la rédaction avec AFP",
        "Von unserer Redaktion",
        "News desk",
    ],
)
def test_an_agency_on_the_author_line_is_no_person(line: str) -> None:
    article = _above(line)
    assert (article.byline, article.authors) == (line, [])


@pytest.mark.parametrize("line", ["Quelle: dpa", "Source: callan.example", "Fonte: ANSA"])
def test_a_source_below_the_story_is_a_credit(line: str) -> None:
    assert line not in clean(f"{STORY}\n\n{MORE}\n\n{line}").text
    assert line in clean(f"{STORY}\n\n{line}\n\n{MORE}").text


PATTERNS = {
    f"{module.__name__}.{name}": pattern
    for module in (captions, credits, fields, people)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
}


@pytest.mark.parametrize("name", PATTERNS)
def test_what_fields_are_read_with_is_linear_on_hostile_input(name: str) -> None:
    """Lines are looked at up to captions.LONGEST_CAPTION code points; roles are only ever whole lines."""
    look = PATTERNS[name].fullmatch if "_ROLE" in name else PATTERNS[name].search
    for start in ("", "By ", "Photo: ", "A/", "Foto ", "a. ", "¶ |", "بقلم: "):
        for filler in (
            " ",
            "a",
            "A ",
            "A",
            ". ",
            "/",
            "|A",
            "A-",
            "by ",
            "Foto:",
            "©",
            "1",
            "é ",
            "ا ",
            "文",
        ):
            text = (start + filler * captions.LONGEST_CAPTION)[: captions.LONGEST_CAPTION - 1] + "\x00"
            started = time.process_time()
            look(text)
            assert time.process_time() - started < 0.05, f"{name} on {text[:20]!r}"


@given(st.text(st.sampled_from("Aa 1|•·–—-/:©\u00a0by")))
def test_cheap_looks_at_a_line_see_all_that_the_dear_ones_do(line: str) -> None:
    marks = any(mark in line for mark in people._PART_MARKS)
    assert marks or not people._PARTS.search(line)
    dear = re.search(r"[:：=/©|]|\s(?:by|von|courtesy|par|di)\s", line)
    assert bool(dear) == bool(captions._MARK_OF_CREDIT.search(line) or captions._WORD_OF_CREDIT.search(line))


@pytest.mark.parametrize(
    "line",
    [
        "15.04.2026 - 15:48 UhrLesedauer: 2 Min.",
        "Politik · 3. Juni 2024, 10:15 Uhr",
        "Berlin, 3. Juni 2024",
        "Callan, June 3, 2024",
        "Hellgrund - 03.06.2024",
        "Politik | 3. Juni 2024",
        "Lesedauer: 3 Minuten | 3. Juni 2024",
        "Updated 10:15",
        "Vandaag om 20:07",
        "Published: | Updated:",
        "May 01, 2024 05:30 am | Updated 06:11 am IST - CALLAN",
        "Updated a day ago",
    ],
)
def test_a_date_among_other_things_of_the_head_leaves_the_text(line: str) -> None:
    assert line not in _above(line).text
    assert line in clean(f"{STORY}\n\n{MORE}\n\n{line}\n\n{MORE}").text


NOTE = "Jane Roe is a reporter for the Callan Examiner and covers harbours. She lives in Port Callan."


def test_a_note_on_the_author_goes_wherever_it_stands_below() -> None:
    comments = "\n\n".join([MORE] * 4)
    article = clean(f"By Jane Roe\n\n{STORY}\n\n{MORE}\n\n{NOTE}\n\n{comments}")
    assert NOTE not in article.text


def test_a_note_on_a_journalist_at_the_end_goes_and_what_goes_on_below_it() -> None:
    more = "Previously, she covered courts for a weekly in Albany."
    article = clean(f"{STORY}\n\n{MORE}\n\n{NOTE}\n\n{more}")
    assert article.text == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "Jane Roe is a reporter for the Callan Examiner, and the board told her nothing.",
        "Callan Bay is a harbour that writers have covered since 1804.",
        "The author is based in Port Callan and covers its retreat, as do all who live there.",
        "She is a reporter, and lives in Port Callan.",
    ],
)
def test_a_sentence_about_a_journalist_stays(line: str) -> None:
    assert line in _below(line).text


def test_nobody_of_whom_the_story_speaks_has_a_note() -> None:
    story = f"{STORY[:-1]}, which Roe had foretold."
    note = "Jane Roe is the Examiner's harbour editor. In ten years there she has covered four quays."
    assert note in clean(f"{story}\n\n{MORE}\n\n{note}").text
    assert note not in clean(f"{STORY}\n\n{MORE}\n\n{note}").text


def test_the_people_of_a_list_have_no_notes() -> None:
    people = [
        f"{name} Poe-{name} is a painter and author, based in Port Callan." for name in ("Jane", "Ann", "Tom")
    ]
    listed = "\n\n".join(people)
    assert listed in clean(f"{STORY}\n\n{MORE}\n\n{listed}").text


@pytest.mark.parametrize(
    "note",
    [
        "Jane Roe is a professor of harbour engineering at Callan University.",
        "Tom Hale is Executive Director of the Harbour Alliance.",
        "Tom Hale is a Callan-based photographer and writer.",
        "Annegret Voss ist Professorin für Wasserbau an der Universität Hellgrund.",
        "Basile Normandeau est économiste et enseigne à Corvane.",
        "Jane Roe teaches harbour engineering at Callan University.",
        "Jane Roe writes about ferries and tides.",
        "Based in Port Callan, Jane Roe covers harbours for the Examiner.",
        "A former pilot, Jane Roe writes about the coast.",
        "Jane Roe’s column appears every Tuesday.",
        "Jane Roe's work has appeared in the Callan Review and elsewhere.",
        "Jane Roe and Tom Hale are professors of law at Callan University.",
        "About the writer: Jane Roe is a novelist.",
        "Annegret Voss schreibt jeden Samstag über das Leben am Fluss.",
        "Marijke Oosterveen schrijft over cultuur en media.",
    ],
)
def test_an_expert_whom_nothing_else_names_has_a_note_in_the_last_lines(note: str) -> None:
    assert clean(f"{STORY}\n\n{MORE}\n\n{note}").text == f"{STORY}\n\n{MORE}"
    within = f"{STORY}\n\n{note}\n\n{MORE}\n\n{MORE[:-1]}, once.\n\n{STORY[:-1]}, twice."
    assert note in clean(within, settings=RULES_ALONE).text
    assert (note in clean(within).text) != (note in LOUD_NOTES)


LONG_NOTES = [
    "Jane Roe is a growth-focused marketing manager who brings eight years of experience with ferry fares to the"
    " harbour board of Callan. With a background in design and a degree in tidal engineering, she helps small"
    " ports explain themselves to people who have never seen a crane, and writes what sailors would rather not"
    " have to read twice. Before the harbour she sold lamps, boats and, for one long winter, the maps of a"
    " river that has since moved to the north.",
    "Jane is a content specialist at Callan Harbour. When she’s not on the quay, she loves to mend old clocks.",
    "Tom is the co-founder of Ferry Works, and helps harbours to find guests. He lives in Port Callan.",
]


@pytest.mark.parametrize("note", LONG_NOTES)
def test_a_note_that_tells_of_a_life_may_be_long_or_on_a_first_name_or_have_a_paragraph_below(
    note: str,
) -> None:
    told = [f"{line[:-1]}, {often}." for often in ("once", "twice", "again") for line in (STORY, MORE)]
    assert clean("\n\n".join([*told, note])).text == "\n\n".join(told)
    assert note not in clean("\n\n".join([*told, note, MORE])).text
    assert f'"{note}"' in clean("\n\n".join([*told, f'"{note}"'])).text
    named = f"{STORY[:-1]}, as Jane and Tom Roe said."
    assert note in clean("\n\n".join([named, *told, note])).text


def test_whom_the_story_names_it_may_introduce_like_an_author() -> None:
    note = "Tom Hale is a Callan-based photographer and writer."
    named = f"{MORE[:-1]}, Hale writes."
    within = f"{STORY}\n\n{note}\n\n{named}\n\n{MORE[:-1]}, once.\n\n{STORY[:-1]}, twice."
    assert note in LOUD_NOTES
    assert note in clean(within).text


def test_no_phrase_is_torn_by_the_end_of_a_line() -> None:
    phrases = [phrase for table in people.load_phrases().values() for phrase in table]
    assert [phrase for phrase in phrases if " ".join(phrase.split()) != phrase] == []


@pytest.mark.parametrize(
    "line",
    [
        "Jane Roe is the mother of two of the fishermen.",
        "Jane Roe is a professor of harbour engineering, and she says the quay will fall.",
        "“Tom Hale is a director of nothing,” he said.",
        "The Harbour Alliance is a director's dream.",
        "Jane Roe teaches you how to mend a net in an hour.",
        "Jane Roe teaches yoga in Callan Park every week.",
        "Jane Roe writes the rules herself.",
        "Jane Roe, who owns the pub, is a nurse by trade.",
        "Jane Roe has covered the roof with tin for the winter.",
        "Jane Roe’s new book is on the table when we meet.",
        "Jane Roe and Tom Hale are founders of the rowing club.",
        "Jane Roe’s column of smoke was seen from the hills.",
        "Jane Roe's house has stood on the quay for years.",
        "Jane Roe and Tom Hale are cousins of the mayor.",
        "Jane Roe covers the boats for the winter.",
        "A former pilot, Jane Roe has sailed from here since spring.",
        "Based in Port Callan, the ferry covers both banks for the county.",
        "Harbour Street, Callan Bay, University of Callan",
    ],
)
def test_who_comes_last_in_a_story_is_no_guest(line: str) -> None:
    assert line in clean(f"{STORY}\n\n{MORE}\n\n{line}").text


def test_a_name_and_a_chair_below_the_story_is_a_note() -> None:
    article = _below("Jane Roe, Professor of Harbour Law, Callan University")
    assert article.text == f"{STORY}\n\n{MORE}"
