# SPDX-License-Identifier: Apache-2.0
"""Decides the syllables of invented names: surnames that nobody bears, places that are on no map.

The surnames are things of the village (buckwheat, eaves, terrace) that stand in no list of Chinese
surnames, so that a name from a generated county can be told at sight from that of a living person.
"""

from __future__ import annotations

from collections.abc import Iterable

Syllable = tuple[str, str]
"""A character and its reading."""


def syllables(text: str) -> tuple[Syllable, ...]:
    """Characters and readings by turns, taken in pairs."""
    parts = text.split()
    return tuple(zip(parts[::2], parts[1::2], strict=True))


SURNAMES = syllables(
    "荞 qiáo 穗 suì 峪 yù 檐 yán 篱 lí 蕨 jué 鹭 lù 棉 mián 磨 mò 坡 pō 渡 dù 雾 wù 霜 shuāng 雁 yàn "
    "槐 huái 椿 chūn 榆 yú 藤 téng 蒿 hāo 薯 shǔ 垄 lǒng 畦 qí 塬 yuán 峁 mǎo 垭 yā 溪 xī 涧 jiàn "
    "滩 tān 湾 wān 岭 lǐng 崖 yá 磐 pán 砚 yàn 碾 niǎn 笠 lì 蓑 suō 犁 lí 锄 chú 镰 lián 筐 kuāng "
    "篓 lǒu 檩 lǐn 椽 chuán 窑 yáo 炕 kàng 灶 zào 秧 yāng 穑 sè"
)
MALE_FIRST = syllables(
    "春 chūn 大 dà 永 yǒng 志 zhì 玉 yù 长 cháng 德 dé 福 fú 根 gēn 贵 guì 金 jīn 开 kāi 来 lái "
    "满 mǎn 庆 qìng 树 shù 水 shuǐ 旺 wàng 祥 xiáng 银 yín"
)
MALE_SECOND = syllables(
    "生 shēng 林 lín 山 shān 河 hé 海 hǎi 田 tián 柱 zhù 成 chéng 才 cái 发 fā 喜 xǐ 明 míng "
    "亮 liàng 平 píng 安 ān 强 qiáng 宝 bǎo 顺 shùn 全 quán 余 yú"
)
FEMALE_FIRST = syllables(
    "春 chūn 秀 xiù 桂 guì 玉 yù 金 jīn 银 yín 翠 cuì 彩 cǎi 红 hóng 美 měi 月 yuè 巧 qiǎo 淑 shū "
    "凤 fèng 雪 xuě 小 xiǎo 丽 lì 素 sù 喜 xǐ 冬 dōng"
)
FEMALE_SECOND = syllables(
    "兰 lán 英 yīng 花 huā 梅 méi 香 xiāng 莲 lián 珍 zhēn 芳 fāng 琴 qín 菊 jú 娥 é 霞 xiá 燕 yàn "
    "玲 líng 萍 píng 云 yún 芬 fēn 芝 zhī 蓉 róng 娟 juān"
)
LAND_FIRST = syllables(
    "霁 jì 岚 lán 蔚 wèi 湛 zhàn 穹 qióng 澹 dàn 皓 hào 琅 láng 沐 mù 栖 qī 蕴 yùn 昀 yún 朔 shuò "
    "绮 qǐ 翊 yì 杳 yǎo"
)
LAND_SECOND = syllables(
    "麓 lù 汀 tīng 渚 zhǔ 峦 luán 壑 hè 澜 lán 屿 yǔ 泠 líng 野 yě 畹 wǎn 皋 gāo 陌 mò 隰 xí 浦 pǔ "
    "嶂 zhàng 庐 lú"
)
PLACE_LAST = syllables(
    "溪 xī 岭 lǐng 川 chuān 坪 píng 湾 wān 渡 dù 桥 qiáo 泉 quán 台 tái 崖 yá 谷 gǔ 塬 yuán 洼 wā "
    "滩 tān 坡 pō 峪 yù 垭 yā 潭 tán 坳 ào 屏 píng"
)
VILLAGE_FIRST = syllables(
    "荞 qiáo 麦 mài 粟 sù 黍 shǔ 莜 yóu 栗 lì 枣 zǎo 杏 xìng 梨 lí 柿 shì 榆 yú 槐 huái 椿 chūn "
    "桑 sāng 茶 chá 麻 má 藤 téng 蒿 hāo 葵 kuí 苇 wěi"
)
VILLAGE_MIDDLE = syllables("花 huā 叶 yè 根 gēn 垄 lǒng 场 chǎng 仓 cāng 篱 lí 墙 qiáng 屋 wū 井 jǐng")
PROVINCE, PREFECTURE, COUNTY = ("省", "Shěng"), ("市", "Shì"), ("县", "Xiàn")
TOWNSHIP, TOWN, VILLAGE = ("乡", "Xiāng"), ("镇", "Zhèn"), ("村", "Cūn")
_VOWELS = tuple("aāáǎàeēéěèoōóǒò")


def written(syllables: Iterable[Syllable]) -> str:
    """The characters of a word."""
    return "".join(character for character, _ in syllables)


def spelled(syllables: Iterable[Syllable]) -> str:
    """The reading of a word in pinyin, with the apostrophe that parts a syllable beginning with a vowel."""
    word = ""
    for _, reading in syllables:
        word += f"'{reading}" if word and reading.startswith(_VOWELS) else reading
    return word[:1].upper() + word[1:]
