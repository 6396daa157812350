# SPDX-License-Identifier: Apache-2.0
"""A page that holds every component, with addresses of its own: what the tests of the pages look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template import engines
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.queries import NOT_FOUND as OUT_OF_SCOPE
from hearthline.areas.models import Area
from hearthline.engine.rules.reasons import Reason
from hearthline.ui import notices
from hearthline.ui.menu import Shown
from hearthline.ui.parts import Bar, Bars, Line, Part, Point, Series, Shares, Step, Tab, Task
from hearthline.ui.problems import EXPIRED_FORM
from hearthline.ui.tables import Choices, Column, Days, FileAsked, Table, Text
from hearthline.ui.tables.problems import TOO_LONG

AREAS = Table(
    name="areas",
    caption=_("Places"),
    columns=(
        Column(key="code", label=_("Code"), sort="code", link=lambda row: f"/places/{row.pk}/"),  # type: ignore[attr-defined]  # a row is an Area
        Column(key="name", label=_("Name"), sort="name"),
        Column(key="level", label=_("Level"), sort="level"),
        Column(key="depth", label=_("Depth"), sort="depth", show="number", first_down=True),
        Column(key="opened", label=_("Open since"), value="opened_on", sort="opened_on", show="day"),
    ),
    filters=(
        Text(name="name", label=_("Name")),
        Choices(name="level", label=_("Level"), options=(("county", _("County")), ("village", _("Village")))),
        Days(name="opened", label=_("Opened"), field="opened_on"),
    ),
    sort="code",
    size=5,
)
FIGURES = Table(
    name="figures",
    caption=_("Townships"),
    columns=(
        Column(key="name", label=_("Township"), sort="name"),
        Column(key="people", label=_("People"), sort="people", show="number", first_down=True),
        Column(key="poor", label=_("Poor"), sort="poor", show="number", first_down=True),
        Column(key="share", label=_("Incidence"), sort="share", show="share", first_down=True),
        Column(key="gap", label=_("Gap"), show="amount"),
    ),
    narrow="scroll",
    prefix="f_",
    size=20,
)
TOWNSHIPS = [
    {"name": "石桥镇", "people": 21480, "poor": 3012, "share": 0.1402, "gap": Decimal("412.50")},
    {"name": "白水乡", "people": 9877, "poor": 2411, "share": 0.2441, "gap": Decimal("655")},
    {"name": "河口镇", "people": 15002, "poor": 988, "share": 0.0659, "gap": None},
]
TAKEN: list[FileAsked] = []


@dataclass(frozen=True)
class Place:
    """A place of a plain list: the gallery asks no database."""

    pk: int
    code: str
    name: str
    level: str
    depth: int
    opened_on: date | None


PLACES = [
    Place(
        number,
        f"51010100100{number}",
        f"{name}村",
        "village",
        5,
        date(2001, 3, number) if number % 3 else None,
    )
    for number, name in enumerate(["杏花", "柳树", "梨园", "松坡", "渡头", "河湾", "石磨", "青竹"], 1)
]


class Visit(forms.Form):
    """A form with one of each control."""

    name = forms.CharField(label=_("Name"), help_text=_("As it stands in the household register."))
    visited_on = forms.DateField(label=_("Day of the visit"), widget=forms.DateInput(attrs={"type": "date"}))
    water = forms.ChoiceField(
        label=_("Source of water"), choices=(("tap", _("Tap")), ("well", _("Well"))), widget=forms.RadioSelect
    )
    place = forms.ChoiceField(label=_("Township"), choices=(("1", "石桥镇"), ("2", "白水乡")), required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea, required=False)
    papers = forms.FileField(label=_("File"), required=False, help_text=_("CSV or XLSX."))
    sure = forms.BooleanField(label=_("The head of the household was present."), required=False)


@dataclass
class Work:
    """What a progress bar reads of a job."""

    pk: int
    state: str
    stage: str
    done: int
    total: int | None


REASONS = (
    Reason(
        "criterion",
        "人均纯收入达标",
        "人均纯收入低于贫困线",
        False,
        "国开发〔2014〕30号",
        "income",
        children=(
            Reason(
                "comparison",
                "家庭纯收入 ≥ 贫困线 × 家庭人口",
                "否",
                False,
                children=(
                    Reason(
                        "rule",
                        "家庭纯收入",
                        "9,000元",
                        None,
                        "",
                        "net_income",
                        children=(
                            Reason(
                                "rows",
                                "收入合计",
                                "9,000元",
                                None,
                                "",
                                "sum",
                                detail="近十二个月已收到",
                                children=(
                                    Reason("row", "收入明细 1", "9,000元", True),
                                    Reason("out", "收入明细 2", "不计", None),
                                ),
                            ),
                        ),
                    ),
                    Reason("parameter", "贫困线", "2,952元", None, "国家统计局2017年"),
                ),
            ),
        ),
    ),
    Reason(
        "criterion",
        "住房安全",
        "住房等级未知",
        None,
        "",
        "housing",
        True,
        children=(Reason("fact", "危房等级", "未知", None, "没有记录", "dwelling_grade", True),),
    ),
    Reason("criterion", "饮水安全", "饮水达标", True, "水利部标准", "water"),
)

PAGE = Path(__file__).with_name("gallery.html").read_text(encoding="utf-8")
LISTING = '{% extends "ui/page.html" %}{% block content %}{% table areas %}{% endblock %}'


def _charts() -> dict[str, object]:
    return {
        "bars": Bars(
            "致贫原因",
            [
                Bar("因病", 0.42, "42.0%", "/c/1/"),
                Bar("因学", 0.11, "11.0%", "/c/2/", 0.2, "+20.0%"),
                Bar("缺劳动力，且家中有长期慢性病患者需要照料", 0.003, "0.3%"),
                Bar("none", None, "–"),
            ],
            "原因",
            "户数比重",
        ),
        "shares": Shares(
            "判定结果",
            [
                Part("贫困", 3012, "poor", href="/p/"),
                Part("非贫困", 18000, "rest"),
                Part("未知", 468, "doubt"),
            ],
            "结果",
            "人数",
        ),
        "series": Series(
            "全年收入",
            [Point(f"{month}月", [200.0 + 40 * month, 90.0]) for month in range(1, 13)],
            ["工资性收入", "转移性收入"],
            "月份",
        ),
    }


@login_not_required
def gallery(request: HttpRequest) -> HttpResponseBase:
    """Every component on one page."""
    form = Visit({"visited_on": "", "place": "1"} if "wrong" in request.GET else None)
    context: dict[str, object] = {
        "form": form,
        "signed_in": "officer" in request.GET,
        "user": {"name": "杨芳"},
        "where": {
            "home": "/",
            "search": "/listing/",
            "sign_out": "/saved/",
            "account": "/",
            "language": "/ui/language/",
        },
        "today": date(2017, 12, 31),
        "line": 295200,
        "trail": [Step("青山省", "/1/"), Step("云岭县", "/2/"), Step("石桥镇", "/3/"), Step("杏花村")],
        "tabs": [Tab("Now", "?", True), Tab("Income", "?tab=income", count=12), Tab("History", "?tab=h")],
        "lines": [
            Line("Danger grade of the dwelling", "C级", "housing department, 2017-03-02"),
            Line("Savings", Decimal("1200.5"), "visit, 2017-06-11", "/facts/3/"),
            Line("Phone", None),
        ],
        "reasons": REASONS,
        "areas": AREAS.page(request, PLACES),
        "figures": FIGURES.page(request, TOWNSHIPS),
        "running": Work(7, "running", "reading", 12000, 90000),
        "done": Work(8, "done", "", 1, 1),
        "tasks": [
            Task("Confirm the list", "/t/1/", "To do", "note"),
            Task("Publish the notice", "", "Cannot start yet", hint="After the list is confirmed."),
        ],
        **_charts(),
    }
    return _shown(request, PAGE, context)


@login_not_required
def listing(request: HttpRequest) -> HttpResponseBase:
    """The list of places alone."""
    if AREAS.wants_file(request):
        return AREAS.file(request, Area.objects.all(), audit=TAKEN.append, most=1000)
    return _shown(request, LISTING, {"areas": AREAS.page(request, Area.objects.all())})


@login_not_required
def problem(request: HttpRequest, name: str) -> HttpResponse:
    """Problems, one by one."""
    if name == "scope":
        raise OUT_OF_SCOPE.error()
    if name == "http404":
        raise Http404("household 17 exists but is elsewhere")
    if name == "permission":
        raise PermissionDenied
    if name == "expired":
        raise EXPIRED_FORM.error()
    if name == "long":
        raise TOO_LONG.error(most="100,000")
    raise RuntimeError("a defect")


@login_not_required
def saved(request: HttpRequest) -> HttpResponse:
    """Leaves a notice."""
    notices.leave(request, "<b>Saved.</b>")
    return HttpResponse("ok")


def closed(request: HttpRequest) -> HttpResponse:
    """For those who are signed in."""
    return HttpResponse("open")


def _shown(request: HttpRequest, page: str, context: dict[str, object]) -> HttpResponse:
    menu = [Shown("Home", "/", False), Shown("Households", "/gallery/", True), Shown("Policy", "/", False)]
    template = engines["django"].from_string(page)
    return HttpResponse(template.render({"menu": menu, **context}, request))


app_name = "gallery"
urlpatterns = [
    path("account/", include("hearthline.accounts.urls", namespace="accounts")),
    path("ui/", include("hearthline.ui.urls", namespace="ui")),
    path("gallery/", gallery),
    path("listing/", listing),
    path("problem/<str:name>/", problem),
    path("saved/", saved),
    path("closed/", closed),
]
handler400 = "hearthline.ui.views.bad_request"
handler403 = "hearthline.ui.views.refused"
handler404 = "hearthline.ui.views.missing"
handler500 = "hearthline.ui.views.broken"
