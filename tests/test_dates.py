"""Lines of dates in many languages, and lines that only look like them."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean
from cleaners.dates import LONGEST, load_words, read_date

# language: lines that say when a story was published, with what can be said of it in ISO
PUBLISHED: dict[str, list[tuple[str, str | None]]] = {
    "en": [
        ("Published 3 March 2024", "2024-03-03"),
        ("For immediate release: March 5, 2024", "2024-03-05"),
        ("Issued on: 2024-03-05", "2024-03-05"),
        ("Posted on Tuesday, March 5th, 2024 at 9:05 p.m.", "2024-03-05T21:05"),
        ("12 Mar 2024 10:15 am IST", "2024-03-12T10:15"),
        ("10:15 AM EDT, Thu March 14, 2024", "2024-03-14T10:15"),
        ("Tue, 12 Mar 2024 10:15:30 GMT", "2024-03-12T10:15:30Z"),
        ("Sept. 2, 2024 | 12:05 a.m.", "2024-09-02T00:05"),
        ("First published: 5 June 2024, 06.30 BST", "2024-06-05T06:30"),
        ("This article was published on 5 June 2024.", "2024-06-05"),
        ("Press release, 5 June 2024", "2024-06-05"),
    ],
    "es": [
        ("Publicado el 3 de mayo de 2024", "2024-05-03"),
        ("martes, 12 de marzo de 2024 - 18:05 h", "2024-03-12T18:05"),
        ("Mar 12 mar 2024, a las 9:05 p. m.", "2024-03-12T21:05"),
        ("05 ene. 2024 | 08:30", "2024-01-05T08:30"),
    ],
    "fr": [
        ("Publié le 22 février 2024 à 18h05", "2024-02-22T18:05"),
        ("Mis en ligne le 22 février 2024", "2024-02-22"),
        ("Cet article a été publié le 22 février 2024.", "2024-02-22"),
        ("Le mardi 1er août 2023, 9 h 05", "2023-08-01T09:05"),
        ("mar. 12 mars 2024", "2024-03-12"),
        ("PUBLIÉ LE 3 FEVRIER 2024 À 20H", "2024-02-03T20"),
    ],
    "de": [
        ("Veröffentlicht am 14. März 2024 um 14:05 Uhr", "2024-03-14T14:05"),
        ("Online seit 14. März 2024, 14:05 Uhr", "2024-03-14T14:05"),
        ("Pressemitteilung vom 14. März 2024", "2024-03-14"),
        ("Dieser Beitrag wurde am 14. März 2024 veröffentlicht.", "2024-03-14"),
        ("Stand: 14.03.2024, 17.42 Uhr", "2024-03-14T17:42"),
        ("Do., 14.3.2024", "2024-03-14"),
        ("Erschienen am Donnerstag, den 1. Jänner 2024 | 9 Uhr", "2024-01-01T09"),
    ],
    "pt": [
        ("Publicado em 5 de março de 2024 às 14h05", "2024-03-05T14:05"),
        ("terça-feira, 5 de março de 2024", "2024-03-05"),
        ("05 mar 2024 - 9h30", "2024-03-05T09:30"),
        ("Publicação: 1º de out. de 2024", "2024-10-01"),
    ],
    "it": [
        ("Pubblicato il 27 maggio 2024 alle 18:05", "2024-05-27T18:05"),
        ("martedì 5 marzo 2024 ore 9.05", "2024-03-05T09:05"),
        ("mar 5 mar 2024", "2024-03-05"),
        ("5 dic 2024, alle ore 18:05", "2024-12-05T18:05"),
    ],
    "nl": [
        ("Geplaatst op 5 maart 2024 om 14.05 uur", "2024-03-05T14:05"),
        ("di 5 mrt 2024, 14:05", "2024-03-05T14:05"),
        ("Gepubliceerd: 25-12-2024", "2024-12-25"),
        ("dinsdag 5 maart 2024", "2024-03-05"),
    ],
    "pl": [
        ("Opublikowano: 5 marca 2024 r., godz. 14:05", "2024-03-05T14:05"),
        ("wtorek, 5 marca 2024 o godz. 14.05", "2024-03-05T14:05"),
        ("5 paź 2024, 9:05", "2024-10-05T09:05"),
        ("Publikacja: 05.03.2024 14:05", "2024-03-05T14:05"),
    ],
    "cs": [
        ("Publikováno 5. března 2024 v 14:05", "2024-03-05T14:05"),
        ("úterý 5. 3. 2024, 14:05", "2024-03-05T14:05"),
        ("Vydáno: 1. září 2024", "2024-09-01"),
        ("5. červenec 2024 14.05 hod.", "2024-07-05T14:05"),
    ],
    "sk": [
        ("Publikované 5. marca 2024 o 14:05", "2024-03-05T14:05"),
        ("streda, 5. júna 2024", "2024-06-05"),
        ("Zverejnené dňa 5. 3. 2024 14:05 hod.", "2024-03-05T14:05"),
        ("5. máj 2024", "2024-05-05"),
    ],
    "hu": [
        ("Megjelent: 2024. március 5., kedd 14:05", "2024-03-05T14:05"),
        ("2024. 03. 05. 14:05", "2024-03-05T14:05"),
        ("2024. máj. 5.", "2024-05-05"),
        ("2024.03.05. 9:05", "2024-03-05T09:05"),
    ],
    "ro": [
        ("Publicat: marți, 5 martie 2024, ora 14:05", "2024-03-05T14:05"),
        ("5 iunie 2024 la 14:05", "2024-06-05T14:05"),
        ("Publicat pe 05.03.2024 14:05", "2024-03-05T14:05"),
        ("5 iul. 2024", "2024-07-05"),
    ],
    "bg": [
        ("Публикувано на 5 март 2024 г. в 14:05 ч.", "2024-03-05T14:05"),
        ("вторник, 5 септември 2024", "2024-09-05"),
        ("05.03.2024 г. 14:05 часа", "2024-03-05T14:05"),
        ("5 юли 2024 | 9:05", "2024-07-05T09:05"),
    ],
    "el": [
        ("Δημοσίευση: 5 Μαρτίου 2024, 14:05", "2024-03-05T14:05"),
        ("ΤΡΙΤΗ 5 ΜΑΪΟΥ 2024", "2024-05-05"),
        ("Δημοσιεύθηκε στις 5 Αυγούστου 2024 2:05 μ.μ.", "2024-08-05T14:05"),
        ("05.03.2024 | 9:05 π.μ.", "2024-03-05T09:05"),
    ],
    "sv": [
        ("Publicerad 5 mars 2024 kl. 14.05", "2024-03-05T14:05"),
        ("tisdag 5 mars 2024", "2024-03-05"),
        ("Publicerad: 2024-03-05 14:05", "2024-03-05T14:05"),
        ("5 maj 2024 klockan 9:05", "2024-05-05T09:05"),
    ],
    "da": [
        ("Publiceret 5. marts 2024 kl. 14.05", "2024-03-05T14:05"),
        ("tirsdag d. 5. marts 2024", "2024-03-05"),
        ("5. okt. 2024 kl. 9:05", "2024-10-05T09:05"),
        ("Offentliggjort den 05.03.2024", "2024-03-05"),
    ],
    "no": [
        ("Publisert 5. mars 2024 kl. 14:05", "2024-03-05T14:05"),
        ("tirsdag 5. desember 2024", "2024-12-05"),
        ("Publisert: 05.03.2024 klokken 9.05", "2024-03-05T09:05"),
        ("5. des. 2024 14:05", "2024-12-05T14:05"),
    ],
    "fi": [
        ("Julkaistu 5.3.2024 klo 14.05", "2024-03-05T14:05"),
        ("tiistai 5. maaliskuuta 2024", "2024-03-05"),
        ("Julkaistu: 5. joulukuuta 2024 klo 9.05", "2024-12-05T09:05"),
        ("ti 5.3.2024, 14:05", "2024-03-05T14:05"),
    ],
    "ru": [
        ("Опубликовано: 5 сентября 2024 г., 14:30", "2024-09-05T14:30"),
        ("5 марта 2024 в 14:05 МСК", "2024-03-05T14:05"),
        ("вторник, 5 мая 2024 года", "2024-05-05"),
        ("14:05 05.03.2024", "2024-03-05T14:05"),
    ],
    "uk": [
        ("Опубліковано 5 березня 2024 р. о 14:05", "2024-03-05T14:05"),
        ("вівторок, 5 листопада 2024", "2024-11-05"),
        ("5 лип. 2024, 9:05", "2024-07-05T09:05"),
        ("05.03.2024, 14:05", "2024-03-05T14:05"),
    ],
    "tr": [
        ("Yayınlanma: 5 Mart 2024 saat 14:05", "2024-03-05T14:05"),
        ("5 KASIM 2024 SALI", "2024-11-05"),
        ("Giriş Tarihi: 05.03.2024 14:05", "2024-03-05T14:05"),
        ("5 Şub 2024 - 9:05", "2024-02-05T09:05"),
    ],
    "ar": [
        ("تاريخ النشر: 5 مارس 2024، الساعة 14:05", "2024-03-05T14:05"),
        ("الثلاثاء ٥ آذار ٢٠٢٤", "2024-03-05"),
        ("نشر في: 5 جويلية 2024 - 2:05 م", "2024-07-05T14:05"),
        ("5 كانون الثاني/يناير 2024", "2024-01-05"),
        ("5 مارس 2024 الموافق 24 شعبان 1445 هـ", "2024-03-05"),
    ],
    "fa": [
        ("تاریخ انتشار: ۱۵ اسفند ۱۴۰۲ - ۱۴:۰۵", None),
        ("سه‌شنبه ۱۵ اسفند ۱۴۰۲ ساعت ۱۴:۰۵", None),
        ("۱۴۰۲/۱۲/۱۵ - ۱۴:۰۵", None),
        ("۵ مارس ۲۰۲۴", "2024-03-05"),
    ],
    "he": [
        ("פורסם: 5 במרץ 2024, 14:05", "2024-03-05T14:05"),
        ("יום שלישי, 5 בדצמבר 2024 בשעה 14:05", "2024-12-05T14:05"),
        ("05.03.2024 | 14:05", "2024-03-05T14:05"),
        ("יום ג' 5 מאי 2024", "2024-05-05"),
    ],
    "hi": [
        ("प्रकाशित: 5 मार्च 2024, 14:05 बजे", "2024-03-05T14:05"),
        ("मंगलवार, ५ जून २०२४", "2024-06-05"),
        ("5 फ़रवरी 2024 को 9:05 AM", "2024-02-05T09:05"),
        ("05 जन 2024 10:15 PM IST", "2024-01-05T22:15"),
    ],
    "id": [
        ("Terbit: Selasa, 5 Maret 2024 pukul 14.05 WIB", "2024-03-05T14:05"),
        ("Jumat, 15 Agu 2024 10:00 WIB", "2024-08-15T10:00"),
        ("Diterbitkan 5 Desember 2024, 9:05 WITA", "2024-12-05T09:05"),
        ("Minggu, 5 Mei 2024", "2024-05-05"),
    ],
    "vi": [
        ("Thứ Ba, ngày 25/03/2024 lúc 14:05", "2024-03-25T14:05"),
        ("Đăng ngày 5 tháng 3 năm 2024", "2024-03-05"),
        ("Thứ năm, 05/05/2024, 14:05 (GMT+7)", "2024-05-05T14:05+07:00"),
        ("Chủ nhật, 5 tháng 12, 2024", "2024-12-05"),
    ],
    "ja": [
        ("公開日：2024年3月5日 14時5分", "2024-03-05T14:05"),
        ("2024年3月5日（火）午後2時5分", "2024-03-05T14:05"),
        ("2024/3/5 9:05 配信", "2024-03-05T09:05"),
        ("令和6年3月5日", None),
        ("2024年3月5日 火曜日 午後0:05", "2024-03-05T12:05"),
    ],
    "ko": [
        ("입력 2024.03.05. 오후 2:05", "2024-03-05T14:05"),
        ("2024년 3월 5일 화요일 오전 9시 5분", "2024-03-05T09:05"),
        ("기사입력 2024-03-05 14:05:30", "2024-03-05T14:05:30"),
        ("2024. 3. 5. (화) 14:05 입력", "2024-03-05T14:05"),
    ],
    "zh": [
        ("发布时间：2024年3月5日 14:05", "2024-03-05T14:05"),
        ("2024年3月5日星期二下午2:05", "2024-03-05T14:05"),
        ("發布時間: 2024-03-05 14:05:30", "2024-03-05T14:05:30"),
        ("2024年03月05日 週二 上午9時5分", "2024-03-05T09:05"),
        ("發表於 2024/03/05", "2024-03-05"),
    ],
}  # fmt: skip

CHANGED: list[tuple[str, str | None]] = [
    ("Last updated on 5 March 2024 at 10:15am", "2024-03-05T10:15"),
    ("Aktualisiert am 05.03.2024 um 14:05 Uhr", "2024-03-05T14:05"),
    ("Zuletzt geändert: 5. März 2024", "2024-03-05"),
    ("Mis à jour le 5 mars 2024 à 18h05", "2024-03-05T18:05"),
    ("Actualizado 5 de marzo de 2024", "2024-03-05"),
    ("Última atualização: 5 de março de 2024", "2024-03-05"),
    ("Ultimo aggiornamento: 5 marzo 2024, 14:05", "2024-03-05T14:05"),
    ("Laatst bijgewerkt op 5 maart 2024", "2024-03-05"),
    ("Aktualizacja: 05.03.2024 14:05", "2024-03-05T14:05"),
    ("Aktualizováno 5. března 2024", "2024-03-05"),
    ("Aktualizované 5. marca 2024", "2024-03-05"),
    ("Frissítve: 2024. március 5. 14:05", "2024-03-05T14:05"),
    ("Actualizat: 5 martie 2024", "2024-03-05"),
    ("Обновено: 5 март 2024", "2024-03-05"),
    ("Ενημέρωση: 5 Μαρτίου 2024", "2024-03-05"),
    ("Uppdaterad 5 mars 2024 kl 14.05", "2024-03-05T14:05"),
    ("Opdateret 5. marts 2024", "2024-03-05"),
    ("Sist oppdatert 5. mars 2024", "2024-03-05"),
    ("Päivitetty 5.3.2024", "2024-03-05"),
    ("Обновлено 5 марта 2024 в 14:05", "2024-03-05T14:05"),
    ("Оновлено: 5 березня 2024", "2024-03-05"),
    ("Son Güncelleme: 05.03.2024 - 14:05", "2024-03-05T14:05"),
    ("آخر تحديث: 5 مارس 2024", "2024-03-05"),
    ("آخرین به‌روزرسانی: ۱۵ اسفند ۱۴۰۲", None),
    ("עודכן: 05.03.2024, 14:05", "2024-03-05T14:05"),
    ("अंतिम अपडेट: 5 मार्च 2024", "2024-03-05"),
    ("Diperbarui 5 Maret 2024 pukul 14.05 WIB", "2024-03-05T14:05"),
    ("Cập nhật lúc 14:05, 25/03/2024", "2024-03-25T14:05"),
    ("更新日：2024年3月5日", "2024-03-05"),
    ("최종수정 2024.03.05 14:05", "2024-03-05T14:05"),
    ("更新時間：2024/03/05 14:05", "2024-03-05T14:05"),
    ("2024-03-05 14:05 更新", "2024-03-05T14:05"),
]

BOTH: list[tuple[str, str | None, str | None]] = [
    ("Published 3 March 2024, updated 5 March 2024", "2024-03-03", "2024-03-05"),
    ("3 March 2024 | Updated: 5 March 2024, 10:15", "2024-03-03", "2024-03-05T10:15"),
    ("Updated 5 March 2024; first published 3 March 2024", "2024-03-03", "2024-03-05"),
    ("Veröffentlicht: 03.03.2024 14:05 Uhr, aktualisiert: 15:10 Uhr", "2024-03-03T14:05", None),
    ("Erschienen am 3. März 2024 – Stand: 05.03.2024", "2024-03-03", "2024-03-05"),
    (
        "Publié le 3 mars 2024 à 18h05, mis à jour le 5 mars 2024 à 9h",
        "2024-03-03T18:05",
        "2024-03-05T09",
    ),
    (
        "Publié le 3 mars 2024 à 18h05Mis à jour le 5 mars 2024",
        "2024-03-03T18:05",
        "2024-03-05",
    ),
    ("Publicado el 3 de mayo de 2024 y actualizado el 5 de mayo de 2024", "2024-05-03", "2024-05-05"),
    ("05.03.2024 - 14:05 Güncelleme: 06.03.2024 - 10:00", "2024-03-05T14:05", "2024-03-06T10:00"),
    (
        "입력 2024.03.05. 오전 9:00 수정 2024.03.05. 오전 10:00",
        "2024-03-05T09:00",
        "2024-03-05T10:00",
    ),
    ("2024.03.05 09:00 입력 2024.03.06 10:00 수정", "2024-03-05T09:00", "2024-03-06T10:00"),
    ("公開日 2024年3月5日 最終更新日 2024年3月6日", "2024-03-05", "2024-03-06"),
    ("2024年3月5日 公開 / 2024年3月6日 更新", "2024-03-05", "2024-03-06"),
    ("Опубликовано 3 марта 2024, обновлено 5 марта 2024", "2024-03-03", "2024-03-05"),
    ("发布时间：2024-03-05 09:00 更新时间：2024-03-06 10:00", "2024-03-05T09:00", "2024-03-06T10:00"),
]

NUMBERS: list[tuple[str, str | None]] = [
    ("2024-03-05T10:15:30+02:00", "2024-03-05T10:15:30+02:00"),
    ("2024-03-05T10:15:30.123Z", "2024-03-05T10:15:30.123Z"),
    ("2024-03-05T10:15-0500", "2024-03-05T10:15-05:00"),
    ("5 March 2024 10:15 UTC+5:30", "2024-03-05T10:15+05:30"),
    ("5 March 2024 10:15 EST", "2024-03-05T10:15"),
    ("2024/3/5", "2024-03-05"),
    ("2024.3.5", "2024-03-05"),
    ("05.03.2024", "2024-03-05"),
    ("11.24.2024", "2024-11-24"),
    ("03/04/2024", None),
    ("04/04/2024", "2024-04-04"),
    ("03-04-2024", None),
    ("25-12-2024", "2024-12-25"),
    ("Posted 5/3/24", None),
    ("05.03.24", None),
    ("05.03.24, 9:15", None),
    ("30 February 2024", None),
    ("31.04.2024", None),
    ("2023-02-29", None),
    ("5 March 2567 | 10:15", None),
    ("5. Januar 202418:58 Uhr", "2024-01-05T18:58"),
    ("5\xa0March&nbsp;2024\u200f", "2024-03-05"),
]

RELATIVE = [
    "3 hours ago", "Updated 15 minutes ago", "vor 2 Stunden", "il y a 3 heures", "hace 2 horas", "há 2 horas",
    "2 ore fa", "2 uur geleden", "2 godziny temu", "před 2 hodinami", "pred 2 hodinami", "2 órával ezelőtt",
    "acum 2 ore", "преди 2 часа", "πριν από 2 ώρες", "för 2 timmar sedan", "for 2 timer siden",
    "2 tuntia sitten", "2 дня назад", "2 години тому", "2 saat önce", "منذ 3 ساعات", "۳ ساعت پیش",
    "לפני 3 שעות", "3 घंटे पहले", "3 jam lalu", "3 giờ trước", "3時間前", "3시간 전", "5 小时前", "5分鐘前",
]  # fmt: skip

NEAR_MISSES = [
    # no digit, or no date
    "May we go?", "März war kalt", "Mai 68 in Paris", "2024", "May 2024", "May 12", "March 2024", "3:2",
    "2:1 (1:0)", "Page 3", "10:15", "14:05 Uhr", "Tuesday 10:15", "Version 2.10.2023", "v2.10.2023", "2.10.23.1",
    "€ 12.03.2024", "$12.50", "12,50 €", "030-1234-5678", "+49 30 1234567", "555 12 2024", "192.168.2.24",
    "99.99.2024", "12/34/2024", "2024/25", "2023-2024", "3-1-0", "1.2.3", "12.5 2024", "Q1/2024", "10:75 2024-03-05",
    # lists, spans, tables, hours and headings of chronologies
    "10 March 2024 – 12 March 2024", "10–12 March 2024", "12 and 14 March 2024", "12 March 2024:",
    "12 March 2024, 9:00-10:30", "• 12 March 2024", "- 05.03.2024", "| 1/1/2024 |", "1/1/2024 | 13.1%",
    "Published 3 March 2024, published 5 March 2024", "updated", "Updated 10:15", "from 12 March 2024",
    "until 12 March 2024", "Deadline: 12 March 2024", "born 12 March 1950", "10 years ago", "3 hours", "for 3 hours",
    "hours ago", "3 hours ago today", "about 3 hours ago in Oslo",
    # sentences and headlines that begin with a date, or end in one
    "On 12 March 2024 the quay closed", "12 March 2024 was a Tuesday", "El 3 de mayo de 2024 cerró el puerto",
    "Le 5 mars 2024, la digue cède", "Am 5. März 2024 schloss der Hafen", "Em 5 de março de 2024 choveu",
    "Il 5 marzo 2024 piove", "Op 5 maart 2024 sloot de haven", "Dnia 5 marca 2024 zamknięto most",
    "Dne 5. března 2024 pršelo", "Dňa 5. marca 2024 pršalo", "2024. március 5-én esett",
    "La 5 martie 2024 a plouat", "На 5 март 2024 валя", "Στις 5 Μαρτίου 2024 έβρεξε", "Den 5 mars 2024 regnade det",
    "Den 5. marts 2024 regnede det", "Den 5. mars 2024 regnet det", "5. maaliskuuta 2024 satoi",
    "5 марта 2024 года шёл дождь", "5 березня 2024 року йшов дощ", "5 Mart 2024 günü yağmur yağdı",
    "في 5 مارس 2024 هطل المطر", "در ۵ مارس ۲۰۲۴ باران بارید", "ב-5 במרץ 2024 ירד גשם", "5 मार्च 2024 को बारिश हुई",
    "Pada 5 Maret 2024 hujan turun", "Ngày 5 tháng 3 năm 2024 trời mưa", "2024年3月5日は雨だった",
    "2024년 3월 5일 비가 왔다", "2024年3月5日下雨了", "2024年3月5日的會議", "3月5日", "5 марта", "3월 5일", "2024年3月",
    "11月11日 光棍节 2024", "Les 24 Heures du Mans 2024", "24 Stunden", "Apollo 11", "Windows 10 May 2019 Update",
]  # fmt: skip

STORY = (
    "The harbour board voted on Tuesday to close the old stone quay until the spring, after engineers found "
    "that its outer wall had settled by a hand's breadth, and to ask the county for the money to mend it."
)


@pytest.mark.parametrize(("line", "iso"), [pair for pairs in PUBLISHED.values() for pair in pairs])
def test_a_line_of_each_language_is_a_date_of_publication(line: str, iso: str | None) -> None:
    found = read_date(line)
    assert found is not None
    assert (found.published, found.modified) == ((line, iso), None)


@pytest.mark.parametrize("language", sorted(PUBLISHED))
def test_each_language_has_its_lines(language: str) -> None:
    assert len(PUBLISHED[language]) >= 4


@pytest.mark.parametrize(("line", "iso"), CHANGED)
def test_a_line_says_when_the_story_was_changed(line: str, iso: str | None) -> None:
    found = read_date(line)
    assert found is not None
    assert (found.published, found.modified) == (None, (line, iso))


@pytest.mark.parametrize(("line", "published", "modified"), BOTH)
def test_a_line_says_both(line: str, published: str | None, modified: str | None) -> None:
    found = read_date(line)
    assert found is not None
    assert found.published is not None
    assert found.modified is not None
    assert (found.published.iso, found.modified.iso) == (published, modified)
    assert found.published.raw in line
    assert found.modified.raw in line
    assert found.published.raw != found.modified.raw


@pytest.mark.parametrize(("line", "iso"), NUMBERS)
def test_numbers_are_read_as_far_as_they_tell(line: str, iso: str | None) -> None:
    found = read_date(line)
    assert found is not None
    assert found.published == (line, iso)


@pytest.mark.parametrize("line", RELATIVE)
def test_a_time_counted_back_has_no_iso(line: str) -> None:
    found = read_date(line)
    assert found is not None
    assert found.relative
    moment = found.published or found.modified
    assert moment == (line, None)


@pytest.mark.parametrize("line", NEAR_MISSES)
def test_what_only_looks_like_a_date_is_none(line: str) -> None:
    assert read_date(line) is None


# --- in an article ----------------------------------------------------------------------------


def test_one_line_gives_the_article_both_dates() -> None:
    article = clean(f"Published 3 March 2024, updated 5 March 2024\n\n{STORY}\n\n{STORY[:-1]}, twice.")
    assert (article.date_published, article.date_published_raw) == ("2024-03-03", "Published 3 March 2024")
    assert (article.date_modified, article.date_modified_raw) == ("2024-03-05", "updated 5 March 2024")
    assert article.text.startswith("The harbour")


@pytest.mark.parametrize(
    "line",
    ["May 1, 2024 5:14 AM PDT Updated 3 hours ago", "May 1, 2024, 5:14 AM PDT | Last updated 1 day ago"],
)
def test_a_day_and_how_long_ago_it_was_changed_are_both_told(line: str) -> None:
    found = read_date(line)
    assert found
    assert found.published
    assert found.published.iso == "2024-05-01T05:14"
    assert found.modified
    assert found.modified.iso is None
    assert line.endswith(found.modified.raw)


def test_how_long_ago_it_was_changed_twice_is_no_date() -> None:
    assert read_date("Updated May 1, 2024 Updated 3 hours ago") is None


def test_the_iso_of_one_line_never_stands_beside_the_raw_form_of_another() -> None:
    article = clean(f"03/04/2024\n\n{STORY}\n\n{STORY[:-1]}, twice.\n\n25/12/2024")
    assert (article.date_published, article.date_published_raw) == (None, "03/04/2024")


def test_an_age_below_the_story_is_not_the_storys() -> None:
    article = clean(f"{STORY}\n\n{STORY[:-1]}, twice.\n\n3 hours ago")
    assert article.date_published_raw is None
    assert "3 hours ago" not in article.text


def test_a_date_in_mid_story_stays() -> None:
    article = clean(f"{STORY}\n\n12 March 2024\n\n{STORY[:-1]}, twice.")
    assert "12 March 2024" in article.text


# --- laws -------------------------------------------------------------------------------------

WORDS = sorted({word for words in load_words()["months"].values() for word in words})
PIECES = st.one_of(
    st.sampled_from(
        [
            "2024",
            "12",
            "5",
            "03",
            "10:15",
            "T",
            "Z",
            "+02:00",
            "am",
            "p.m.",
            "h",
            "年",
            "月",
            "日",
            "오후",
            "下午",
            "updated",
            "published",
            "입력",
            "vor",
            "ago",
            "hours",
            "令和6年",
            "(火)",
            ".",
            "/",
            "-",
            ":",
            ",",
            "|",
            " ",
            "&nbsp;",
            "٣",
            "५",
            "\u200f",
            "mar",
            "de",
        ]
    ),
    st.sampled_from(WORDS),
    st.text(max_size=3),
)


@given(st.lists(PIECES, max_size=24).map("".join))
def test_any_line_is_read_or_left(line: str) -> None:
    found = read_date(line)
    if found:
        for moment in (found.published, found.modified):
            assert moment is None or moment.raw in line


MONTHS = [
    (language, number, name.replace("_", " "))
    for language, names in load_words()["months"].items()
    for number, name in enumerate(names, 1)
]


@given(
    st.sampled_from(MONTHS),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 28)),
    st.sampled_from([" ", ". ", " de "]),
    st.sampled_from(["", ", 10:15", " | 10:15", " – 10:15"]),
)
def test_a_date_printed_is_the_date_read(
    month: tuple[str, int, str], any_day: date, between: str, clock: str
) -> None:
    _, number, name = month
    day = any_day.replace(month=number, day=min(any_day.day, 28))
    iso = day.isoformat() + ("T10:15" if clock else "")
    for printed in (name, name.upper(), name.capitalize()):
        line = f"{day.day}{between}{printed} {day.year}{clock}"
        found = read_date(line)
        assert found is not None
        assert found.published == (line, iso)


@pytest.mark.parametrize(
    "piece",
    [
        "1 ", "12.03.", "2024 ", "mar/", "1:2", "g, ", "年月日", "a.m. ", "10:15:30+02", "更新", "vor ", "oct ",
        "12 march 2024 ", "• ", "(火)", "\u200f", "入力", "أ", "1" * 9,
    ],
)  # fmt: skip
def test_a_hostile_line_costs_no_more_than_its_length(piece: str) -> None:
    line = (piece * LONGEST)[: LONGEST - 1] + "1"
    start = time.perf_counter()
    for _ in range(20):
        read_date(line)
        read_date(piece * 100_000)
    assert time.perf_counter() - start < 1
