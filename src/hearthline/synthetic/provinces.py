# SPDX-License-Identifier: Apache-2.0
"""Decides how the generated nation is divided: its provinces, their regions, their people, their burden.

The names of provinces are real, everything below them is invented. How many rural people a region has
follows from published figures: those whose poor, divided by them, give every published incidence of the
region and of the country (a test holds this). How the people of a region fall on its provinces, and how
much harder poverty presses on one than on another, is in no source at hand: ``people`` and ``burden`` are
the generator's own apportionment, rough and relative, and set so that what is published of 2016 comes
out: which provinces had more than three and more than one million poor people, and which an incidence of
10 %, 5 % and 3 % and more (m.journal.qq.com/read/1026923390/5).
"""

from __future__ import annotations

from dataclasses import dataclass

from hearthline.synthetic import words
from hearthline.synthetic.places import Province

EAST, CENTRAL, WEST = "east", "central", "west"
RURAL_PEOPLE = {EAST: 355_500_000, CENTRAL: 325_000_000, WEST: 290_000_000}
"""The rural people of each region, for all years of the series."""


@dataclass(frozen=True)
class Share:
    """A province: ``key`` is its name in the series, ``people`` and ``burden`` are relative."""

    key: str
    province: Province
    people: float
    burden: float


def _share(key: str, name: str, region: str, people: float, burden: float) -> Share:
    *word, kind = words.syllables(name)
    return Share(key, Province(tuple(word), kind, region), people, burden)


PROVINCES: tuple[Share, ...] = (
    _share("beijing", "北 běi 京 jīng 市 Shì", EAST, 2.7, 0.05),
    _share("tianjin", "天 tiān 津 jīn 市 Shì", EAST, 3.8, 0.05),
    _share("hebei", "河 hé 北 běi 省 Shěng", EAST, 55.0, 3.5),
    _share("shanxi", "山 shān 西 xī 省 Shěng", CENTRAL, 23.0, 7.7),
    _share("inner_mongolia", "内 nèi 蒙 měng 古 gǔ 自治区 Zìzhìqū", WEST, 14.0, 3.9),
    _share("liaoning", "辽 liáo 宁 níng 省 Shěng", EAST, 22.0, 2.6),
    _share("jilin", "吉 jí 林 lín 省 Shěng", CENTRAL, 14.5, 3.8),
    _share("heilongjiang", "黑 hēi 龙 lóng 江 jiāng 省 Shěng", CENTRAL, 18.5, 3.7),
    _share("shanghai", "上 shàng 海 hǎi 市 Shì", EAST, 1.5, 0.05),
    _share("jiangsu", "江 jiāng 苏 sū 省 Shěng", EAST, 42.0, 0.05),
    _share("zhejiang", "浙 zhè 江 jiāng 省 Shěng", EAST, 32.0, 0.05),
    _share("anhui", "安 ān 徽 huī 省 Shěng", CENTRAL, 53.0, 4.4),
    _share("fujian", "福 fú 建 jiàn 省 Shěng", EAST, 24.0, 0.6),
    _share("jiangxi", "江 jiāng 西 xī 省 Shěng", CENTRAL, 34.0, 4.3),
    _share("shandong", "山 shān 东 dōng 省 Shěng", EAST, 71.0, 1.9),
    _share("henan", "河 hé 南 nán 省 Shěng", CENTRAL, 80.0, 4.6),
    _share("hubei", "湖 hú 北 běi 省 Shěng", CENTRAL, 40.0, 4.3),
    _share("hunan", "湖 hú 南 nán 省 Shěng", CENTRAL, 56.0, 6.0),
    _share("guangdong", "广 guǎng 东 dōng 省 Shěng", EAST, 56.0, 0.7),
    _share("guangxi", "广 guǎng 西 xī 自治区 Zìzhìqū", WEST, 42.0, 8.0),
    _share("hainan", "海 hǎi 南 nán 省 Shěng", EAST, 5.5, 6.0),
    _share("chongqing", "重 chóng 庆 qìng 市 Shì", WEST, 20.0, 2.0),
    _share("sichuan", "四 sì 川 chuān 省 Shěng", WEST, 72.0, 4.7),
    _share("guizhou", "贵 guì 州 zhōu 省 Shěng", WEST, 35.0, 11.8),
    _share("yunnan", "云 yún 南 nán 省 Shěng", WEST, 37.0, 10.9),
    _share("tibet", "西 xī 藏 zàng 自治区 Zìzhìqū", WEST, 2.5, 13.2),
    _share("shaanxi", "陕 shǎn 西 xī 省 Shěng", WEST, 27.0, 8.4),
    _share("gansu", "甘 gān 肃 sù 省 Shěng", WEST, 20.5, 12.6),
    _share("qinghai", "青 qīng 海 hǎi 省 Shěng", WEST, 3.9, 8.1),
    _share("ningxia", "宁 níng 夏 xià 自治区 Zìzhìqū", WEST, 4.0, 7.1),
    _share("xinjiang", "新 xīn 疆 jiāng 自治区 Zìzhìqū", WEST, 17.0, 12.8),
)


def people_of_provinces() -> dict[str, float]:
    """The rural people of each province: those of its region, by its share of them."""
    of_region = {
        region: sum(each.people for each in PROVINCES if each.province.region == region)
        for region in RURAL_PEOPLE
    }
    return {
        each.key: RURAL_PEOPLE[each.province.region] * each.people / of_region[each.province.region]
        for each in PROVINCES
    }
