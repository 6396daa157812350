# SPDX-License-Identifier: Apache-2.0
"""The income criterion of the benchmark as a country package of OpenFisca: income lines and households.

Runs in the benchmark's own environment (requirements.txt beside it). An income line is the "person" of
this country, since OpenFisca aggregates from persons to groups, and a household is the group of its lines.
"""

from __future__ import annotations

from datetime import date

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

INCOME_LINE = build_entity(key="income_line", plural="income_lines", label="Income line", is_person=True)
HOUSEHOLD = build_entity(
    key="household", plural="households", label="Household", roles=[{"key": "line", "plural": "lines"}]
)
NO_DATE = numpy.datetime64("1970-01-01")


class LineClass(Enum):
    """The classes of income lines, in the order in which the arrays count them."""

    wage = "Wage income"
    business = "Business income"
    own_consumption = "Own produce consumed"
    property = "Property income"
    transfer = "Transfer income"
    production_cost = "Production cost"
    unsold_stock = "Produce in stock"


class LineStatus(Enum):
    """Whether an amount is expected, due or received."""

    forecast = "Expected"
    accrued = "Due"
    received = "Received"


class line_class(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Given: the class of a line."""

    value_type = Enum
    possible_values = LineClass
    default_value = LineClass.wage
    entity = INCOME_LINE
    definition_period = DateUnit.YEAR


class line_status(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Given: whether the amount of a line is expected, due or received."""

    value_type = Enum
    possible_values = LineStatus
    default_value = LineStatus.forecast
    entity = INCOME_LINE
    definition_period = DateUnit.YEAR


class amount(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Given: yuan, kept by OpenFisca as a 32-bit float."""

    value_type = float
    entity = INCOME_LINE
    definition_period = DateUnit.YEAR


class received_on(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Given: the day of receipt; OpenFisca knows no unknown, so 1 January 1970 stands for it."""

    value_type = date
    default_value = date(1970, 1, 1)
    entity = INCOME_LINE
    definition_period = DateUnit.YEAR


class size(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Given: the members of a household, zero where nobody knows."""

    value_type = int
    entity = HOUSEHOLD
    definition_period = DateUnit.YEAR


class income_received(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """What was received in the year, without costs and stock."""

    value_type = float
    entity = HOUSEHOLD
    definition_period = DateUnit.YEAR

    def formula(household, period, parameters):  # noqa: N805 - OpenFisca passes the population
        kind = household.members("line_class", period)
        received = household.members("line_status", period) == LineStatus.received
        income = (kind != LineClass.production_cost) * (kind != LineClass.unsold_stock)
        counted = received * income * in_period(household.members("received_on", period), period)
        return summed(household, household.members("amount", period) * counted)


class production_costs(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """What production cost, due costs and those without a date included."""

    value_type = float
    entity = HOUSEHOLD
    definition_period = DateUnit.YEAR

    def formula(household, period, parameters):  # noqa: N805 - OpenFisca passes the population
        cost = household.members("line_class", period) == LineClass.production_cost
        real = household.members("line_status", period) != LineStatus.forecast
        day = household.members("received_on", period)
        counted = cost * real * (in_period(day, period) + (day == NO_DATE))
        return summed(household, household.members("amount", period) * counted)


class net_income(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Income received less production costs."""

    value_type = float
    entity = HOUSEHOLD
    definition_period = DateUnit.YEAR

    def formula(household, period, parameters):  # noqa: N805 - OpenFisca passes the population
        return household("income_received", period) - household("production_costs", period)


class income_met(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Whether net income reaches the line for every member."""

    value_type = bool
    entity = HOUSEHOLD
    definition_period = DateUnit.YEAR

    def formula(household, period, parameters):  # noqa: N805 - OpenFisca passes the population
        line = parameters(period).poverty_line
        return household("net_income", period) >= line * household("size", period)


def in_period(day, period):
    """Whether days lie in a period."""
    return (day >= numpy.datetime64(str(period.start))) * (day <= numpy.datetime64(str(period.stop)))


def summed(household, values):
    """The sum of the lines of every household; OpenFisca's own ends at the last household with a line."""
    total = household.sum(values)
    return numpy.pad(total, (0, household.count - len(total)))


def income_country(line: float) -> TaxBenefitSystem:
    """The country with its poverty line."""
    system = TaxBenefitSystem([INCOME_LINE, HOUSEHOLD])
    system.parameters = ParameterNode(data={"poverty_line": {"values": {"2017-01-01": line}}})
    given = (line_class, line_status, amount, received_on, size)
    for variable in (*given, income_received, production_costs, net_income, income_met):
        system.add_variable(variable)
    return system
