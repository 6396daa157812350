# SPDX-License-Identifier: Apache-2.0
"""Decides how a name is found from the keyboard: in pinyin without tones, and by its initials.

The first one or two characters are read as a surname, whose readings differ (仇 is Qiu in a name). What is
not Chinese is spelled as it is written, in lower case. A million names take a few seconds: the readings of
characters are kept.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

LONGEST_PINYIN, LONGEST_INITIALS = 160, 40

SURNAMES = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "长孙": ("zhang", "sun"),
    "单于": ("chan", "yu"),
    "澹台": ("tan", "tai"),
    "皇甫": ("huang", "fu"),
    "令狐": ("ling", "hu"),
    "宇文": ("yu", "wen"),
    "鲜于": ("xian", "yu"),
    "欧阳": ("ou", "yang"),
    "司马": ("si", "ma"),
    "上官": ("shang", "guan"),
    "诸葛": ("zhu", "ge"),
    "夏侯": ("xia", "hou"),
    "仇": ("qiu",),
    "单": ("shan",),
    "解": ("xie",),
    "查": ("zha",),
    "曾": ("zeng",),
    "区": ("ou",),
    "任": ("ren",),
    "朴": ("piao",),
    "盖": ("ge",),
    "乐": ("yue",),
    "翟": ("zhai",),
    "缪": ("miao",),
    "覃": ("qin",),
    "员": ("yun",),
    "华": ("hua",),
    "纪": ("ji",),
    "哈": ("ha",),
    "尹": ("yin",),
    "折": ("she",),
    "黑": ("he",),
    "秘": ("bi",),
    "冼": ("xian",),
    "洗": ("xian",),
    "应": ("ying",),
    "宁": ("ning",),
    "幺": ("yao",),
    "召": ("shao",),
    "种": ("chong",),
    "重": ("chong",),
    "繁": ("po",),
    "逄": ("pang",),
    "隗": ("wei",),
    "牟": ("mou",),
    "参": ("shen",),
    "郇": ("xun",),
    "过": ("guo",),
    "能": ("nai",),
    "车": ("che",),
    "曲": ("qu",),
    "石": ("shi",),
    "强": ("qiang",),
    "晟": ("cheng",),
    "朝": ("chao",),
    "都": ("du",),
    "阚": ("kan",),
    "祭": ("zhai",),
    "尧": ("yao",),
    "那": ("na",),
    "燕": ("yan",),
    "令": ("ling",),
    "卜": ("bu",),
    "薄": ("bo",),
    "柏": ("bai",),
    "贾": ("jia",),
    "葛": ("ge",),
    "沈": ("shen",),
    "吴": ("wu",),
}
"""Readings of surnames, where a character alone is often read otherwise."""


@lru_cache(maxsize=30_000)
def _reading(character: str) -> str:
    """The commonest reading of one character; ü is v, as on the keyboard. Empty for marks and spaces."""
    found: str = lazy_pinyin(character, style=Style.NORMAL, errors="default")[0]
    return _plain(found)


def _plain(text: str) -> str:
    """Letters and digits in lower case, without accents, spaces and marks."""
    spread = unicodedata.normalize("NFKD", text.replace("ü", "v").replace("Ü", "V"))
    return "".join(letter for letter in spread.lower() if letter.isalnum())


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


@lru_cache(maxsize=100_000)
def spelled(name: str) -> tuple[str, str]:
    """A name in pinyin without spaces, and its initials: 欧阳小丽 is ``ouyangxiaoli`` and ``oyxl``."""
    if not any(map(_is_chinese, name)):
        words = [_plain(word) for word in name.replace("·", " ").replace("-", " ").split()]
        return "".join(words)[:LONGEST_PINYIN], "".join(word[:1] for word in words)[:LONGEST_INITIALS]
    parts: list[str] = []
    for length in (2, 1):
        if name[:length] in SURNAMES and len(name) > length:
            parts += SURNAMES[name[:length]]
            break
    parts += [_reading(character) for character in name[len(parts) :]]
    return "".join(parts)[:LONGEST_PINYIN], "".join(part[:1] for part in parts)[:LONGEST_INITIALS]


def typed(text: str) -> str:
    """What someone typed, in the form in which pinyin and initials are kept."""
    return _plain(text)


def has_chinese(text: str) -> bool:
    """Whether any character of it is Chinese."""
    return any(map(_is_chinese, text))
