"""A long application in one language: six pages with a table and English names inside, for PDF tests."""

from __future__ import annotations

from forms.definition import QuestionKind
from forms.i18n import activate, current_language
from fundapp.documents.paper import Entry, Line, Paper, Part, Words, own

SENTENCES = {
    "ar": "نحن مجموعة من النساء نلتقي كل أسبوع في Circle! ونقرر معًا ما نحتاج إليه.",
    "ur": "ہم عورتوں کا ایک گروپ ہیں جو ہر ہفتے Circle! میں ملتا ہے اور مل کر فیصلہ کرتا ہے۔",
    "ckb": "ئێمە گروپێکی ژنانین، هەموو هەفتەیەک لە Circle! کۆ دەبینەوە و پێکەوە بڕیار دەدەین.",
    "am": "እኛ በየሳምንቱ በ Circle! የምንገናኝ የሴቶች ቡድን ነን፤ በጋራም እንወስናለን።",
    "ti": "ንሕና ኣብ ሰሙን ሓደ ግዜ ኣብ Circle! እንራኸብ ጉጅለ ደቂ ኣንስትዮ ኢና፤ ብሓባር ድማ ንውስን።",
    "bn": "আমরা নারীদের একটি দল, প্রতি সপ্তাহে Circle! এ মিলিত হই এবং একসঙ্গে সিদ্ধান্ত নিই।",
    "uk": "Ми — група жінок, щотижня зустрічаємося в Circle! і разом вирішуємо, що нам потрібно.",
    "zh-Hans": "我们是一个妇女小组，每周在 Circle! 见面，一起决定我们需要什么。",
}
FONTS = {
    "ar": "NotoNaskhArabic",
    "ckb": "NotoNaskhArabic",
    "ur": "NotoNaskhArabic",
    "am": "NotoSansEthiopic",
    "ti": "NotoSansEthiopic",
    "bn": "NotoSansBengali",
    "uk": "NotoSans",
    "zh-Hans": "NotoSansCJK",
}


def numbered(language: str, number: int) -> str:
    """A sentence that stands once in the paper."""
    return f"{SENTENCES[language]} {number + 101}"


def six_pages(language: str) -> Paper:
    with activate(language):
        code = current_language().code
        lines = [" ".join([numbered(language, n), *([SENTENCES[language]] * 18)]) for n in range(14)]
        entries = tuple(
            Entry(
                f"Q{n}",
                QuestionKind.TEXT,
                label=own(SENTENCES[language]),
                answer=tuple(map(Line, line.split("\n"))),
                answer_language=language,
            )
            for n, line in enumerate(lines)
        )
        table = Entry(
            "Q8",
            QuestionKind.BUDGET,
            label=own(SENTENCES[language]),
            answer=(Line(SENTENCES[language], "£2,500.50"), Line("Circle!", "£1.00")),
            answer_language=language,
        )
        return Paper(
            language=code,
            title=own(SENTENCES[language]),
            about=Words("Circle!"),
            parts=(Part(own(SENTENCES[language]), (*entries, table)),),
            is_blank=False,
        )
