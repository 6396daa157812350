# SPDX-License-Identifier: Apache-2.0
"""Decides what an invented county looks like: the seeded generator of households that no one is.

For the package ``cn/2014-2020`` and those that extend it. The rows depend on package, number of
households, seed and year alone. Every county of about 5,000 households (17,000 people) has 10
townships and 120 villages; ten counties make a prefecture, ten prefectures a province.

Beside the snapshot stand ``<SNAPSHOT>.names.parquet`` (invented names of people and places) and
``<SNAPSHOT>.planted.json`` (which households a township struck off on paper, see ``scandal``).

Shares. The speech of 12 February 2018 (2-1) says of the registered poor: over 40 % by illness, over
14 % by disability, 32.7 % unable to work, 31.1 % without skills, over 16 % aged 65 and over. They add
up to more than the whole, so they are read here as shares of the *households found poor* by the
default standard that name the cause as main or other cause (at most three are named):

===========  ====  =========================================================================
illness      44 %  and a counted member is chronically or seriously ill
disability   16 %  and a counted member is disabled
no labour    33 %  and no counted member of working age can work
no skills    31 %  and there is labour, but none of it is skilled or was trained
aged 65      17 %  of the counted *persons* in the households found poor
===========  ====  =========================================================================

In a county of 5,000 households each is met within three points, over many counties within one.
From 10 to 17 % of the households of a county are found poor, most of them by income, twice as many in
mountain townships as in the plain; for 2 to 5 % the facts do not suffice. The year moves dates and
the line, and not these shares.
"""

from hearthline.synthetic.companions import names_path, planted_path
from hearthline.synthetic.generator import GenerationReport, Progress, generate, generate_nation

__all__ = ["GenerationReport", "Progress", "generate", "generate_nation", "names_path", "planted_path"]
