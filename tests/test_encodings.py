"""Files in other encodings than UTF-8: read as what they are, and told."""

import gzip

import pytest

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode

# A sentence in each language, and the encodings that files in it were kept in.
SENTENCES = {
    "Russian": ("Поезд опоздал на два часа, и мы пили чай в буфете вокзала.",
                "cp1251 koi8_r mac_cyrillic cp866 iso8859_5"),
    "Ukrainian": ("Потяг запізнився, і ми пили чай у буфеті; їхав він повільно.", "cp1251 koi8_u"),
    "Japanese": ("電車が二時間おくれたので、駅の食堂でお茶を飲みました。", "cp932 euc_jp"),
    "Chinese": ("火车晚点了两个小时，我们在车站的餐厅里喝茶聊天。", "gb18030"),
    "Taiwanese": ("火車晚了兩個小時，我們在車站的餐廳裡喝茶聊天。", "big5"),
    "Korean": ("기차가 두 시간 늦어서 우리는 역 식당에서 차를 마셨다.", "cp949 euc_kr"),
    "French": ("Le train était en retard ; nous avons bu du thé à la gare, où l’on gèle.",
               "cp1252 mac_roman"),
    "German": ("Der Zug hatte Verspätung, wir tranken Tee für zwei und aßen später Küchlein.",
               "cp1252 mac_roman"),
    "Spanish": ("El tren llegó tarde y tomamos té en la estación. ¿Mañana también?",
                "cp1252 mac_roman"),
    "Portuguese": ("O trem atrasou; não havia café na estação, então bebemos chá.", "cp1252"),
    "Polish": ("Pociąg spóźnił się o dwie godziny, więc piliśmy herbatę w dworcowym bufecie.",
               "cp1250 iso8859_2"),
    "Czech": ("Vlak měl zpoždění, a tak jsme pili čaj v nádražní kavárně a čekali.",
              "cp1250 iso8859_2"),
    "Turkish": ("Tren iki saat gecikti, biz de garda çay içtik; hava soğuktu ve ışık azdı.",
                "cp1254"),
    "Greek": ("Το τρένο άργησε δύο ώρες και ήπιαμε τσάι στον σταθμό.", "cp1253 iso8859_7"),
    "Hebrew": ("הרכבת איחרה בשעתיים ושתינו תה במזנון של התחנה.", "cp1255"),
    "Arabic": ("تأخر القطار ساعتين فشربنا الشاي في مقهى المحطة.", "cp1256 iso8859_6"),
    "Thai": ("รถไฟมาสายสองชั่วโมง เราจึงดื่มชาที่สถานี", "cp874"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "encoding"),
    [
        pytest.param(sentence, encoding, id=f"{language} in {encoding}")
        for language, (sentence, encodings) in SENTENCES.items()
        for encoding in encodings.split()
    ],
)
def test_a_file_of_the_old_days_is_not_read_as_western_europes_whatever_it_is_in(
    sentence: str, encoding: str
) -> None:
    post = f"---\ntitle: {sentence[:20]}\ndate: 2004-05-31\n---\n\n{sentence}\n"

    text, ((line, told),) = decode(post.encode(encoding))

    assert text == post
    assert line is not None
    assert told.startswith("is not UTF-8, and is read as ")
    assert told.endswith("; save the file as UTF-8")


@pytest.mark.parametrize("text", ["Café", "naïve", "Don’t", "“Curly”", "5 € – no", "Ça va ?"])
def test_a_few_characters_prove_nothing_and_are_western_europes(text: str) -> None:
    assert decode(text.encode("cp1252"))[0] == text


@pytest.mark.parametrize("megabytes", [1, 9])
def test_packed_zeros_were_read_as_utf_16(megabytes: int) -> None:
    with pytest.raises(ContentError, match="holds bytes that are no text"):
        decode(gzip.compress(bytes(megabytes * 2**20), mtime=0))
