-- SPDX-License-Identifier: Apache-2.0
-- The screening by cn/2014-2020 on 31 December 2017, written by hand for DuckDB.
--
-- Reads  household, person, income_line, measure, visit, department_record, claim, area: the tables of a
--        snapshot, or of one partition of it. Money and decimals are integers (fen, hundredths of a mu ...).
-- Writes households.parquet and persons.parquet in the current folder.
--
-- It follows the meaning of the package, not its formulas: where two values count the same thing they share
-- a count, where a date decides the year it is compared as a date, and no intermediate is wider than 64 bits.
-- Unknown is null. A count of rows that say yes stands beside a count of rows that say nothing, since a
-- count(*) FILTER alone would pass over the latter.

-- On 31 December 2017 the line is 2,952 yuan a person, a year back begins on 1 January 2017, the school year
-- began on 1 September 2017, and who was born on 2 October 2017 or later is insured as a newborn.

CREATE OR REPLACE TEMP MACRO word(good) AS
    CASE WHEN good THEN 'met' WHEN NOT good THEN 'not met' ELSE 'unknown' END;

CREATE OR REPLACE TEMP MACRO status(good) AS
    CASE WHEN good THEN 'not poor' WHEN NOT good THEN 'poor' ELSE 'unknown' END;

-- Completed years on a day given as a number, 20171231; a later birth has none.
CREATE OR REPLACE TEMP MACRO years_on(day, birth) AS
    (day - (year(birth) * 10000 + month(birth) * 100 + day(birth))) // 10000;

CREATE OR REPLACE TEMP MACRO in_the_year(day) AS day BETWEEN DATE '2017-01-01' AND DATE '2017-12-31';

-- Does any row say yes? Yes if one does, else nobody knows if one says nothing, else no.
CREATE OR REPLACE TEMP MACRO any_row(yes, silent) AS
    CASE WHEN yes > 0 THEN true WHEN silent > 0 THEN NULL ELSE false END;

-- part / whole in units of the last place, rounded half away from zero; nothing for a zero whole.
CREATE OR REPLACE TEMP MACRO ratio(part, whole) AS
    CASE WHEN whole <> 0
         THEN (abs(part) * 2 + abs(whole)) // (abs(whole) * 2) * sign(part) * sign(whole) END;

CREATE OR REPLACE TEMP MACRO yuan(fen) AS (fen::DECIMAL(18, 0) * 0.01)::DECIMAL(18, 2);

-- People: who is counted, of what age, at school, insured. Written to persons.parquet at the end.
CREATE OR REPLACE TEMP TABLE member AS
WITH aged AS (
    SELECT *,
        NOT coalesce(died_on <= DATE '2017-12-31', member_state = 'dead', false)
            AND NOT coalesce(left_on <= DATE '2017-12-31', member_state IN ('married_out', 'moved_out'), false)
            AND coalesce(joined_on <= DATE '2017-12-31', birth_date <= DATE '2017-12-31', true) AS counted,
        CASE WHEN birth_date <= DATE '2017-12-31' THEN years_on(20171231, birth_date)
             WHEN age_stated_on <= DATE '2017-12-31' THEN age_stated + years_on(20171231, age_stated_on) END
            AS age_years,
        health IN ('chronic', 'serious_illness', 'chronic_disabled', 'serious_disabled') AS ill,
        coalesce(disability_grade <> 'not_disabled',
            health IN ('disabled', 'chronic_disabled', 'serious_disabled')) AS disabled,
        school_state NOT IN ('not_student', 'preschool') AS student,
        coalesce(birth_date >= DATE '2017-10-02', false) AS newborn_insured
    FROM person
), at_work AS (
    SELECT *,
        CASE WHEN birth_date <= DATE '2017-09-01' THEN years_on(20170901, birth_date) ELSE age_years END
            AS school_year_age,
        counted AND labour_ability IN ('ordinary', 'skilled', 'weak_or_half')
            AND age_years BETWEEN 16 AND 59 AS able_to_work
    FROM aged
), at_lessons AS (
    SELECT *,
        school_year_age >= 6 AND age_years <= 15 AS of_school_age,
        NOT (school_year_age >= 6 AND age_years <= 15) AS outside_school_age,
        student OR school_state = 'preschool' AND school_year_age < 7 AS at_school,
        coalesce(dropout_reason = 'health', false) AND CASE WHEN ill OR disabled THEN true END
            AS kept_home_by_health
    FROM at_work
)
SELECT person_id, household_id, counted, age_years, school_year_age, of_school_age, outside_school_age,
    able_to_work, ill, disabled, at_school, kept_home_by_health, newborn_insured, student,
    able_to_work AND labour_ability = 'weak_or_half' AS weak,
    able_to_work AND (labour_ability = 'skilled' OR coalesce(trained_on <= DATE '2017-12-31', false)) AS skilled,
    outside_school_age OR at_school OR coalesce(compulsory_completed, false) OR kept_home_by_health AS schooling,
    basic_insurance IN ('employee', 'public_or_military')
        OR basic_insurance = 'resident' AND serious_illness_insurance AND medical_assistance
        OR coalesce(member_state = 'serving_soldier', false)
        OR newborn_insured AS insured
FROM at_lessons;

COPY (
WITH people AS (
    SELECT household_id,
        count(*) AS members_listed,
        count(*) FILTER (counted) AS members_counted,
        count(*) FILTER (able_to_work) AS labourers,
        count(*) FILTER (able_to_work IS NULL) AS ability_silent,
        count(*) FILTER (weak) AS weak,
        count(*) FILTER (skilled) AS skilled,
        count(*) FILTER (counted AND ill) AS ill,
        count(*) FILTER (counted AND ill IS NULL) AS ill_silent,
        count(*) FILTER (counted AND disabled) AS disabled,
        count(*) FILTER (counted AND disabled IS NULL) AS disabled_silent,
        count(*) FILTER (counted AND age_years >= 65) AS old,
        count(*) FILTER (counted AND age_years IS NULL) AS age_silent,
        count(*) FILTER (counted AND of_school_age) AS children,
        count(*) FILTER (counted AND of_school_age IS NULL) AS children_silent,
        count(*) FILTER (counted AND student) AS students,
        count(*) FILTER (counted AND student IS NULL) AS students_silent,
        count(*) FILTER (counted AND NOT schooling) AS out_of_school,
        count(*) FILTER (counted AND schooling IS NULL) AS schooling_silent,
        count(*) FILTER (counted AND NOT insured) AS uninsured,
        count(*) FILTER (counted AND insured IS NULL) AS insured_silent
    FROM member
    GROUP BY household_id
), ledger AS (
    -- a sale is proven by quantity, price and buyer; a receipt without a date may or may not be of the year
    SELECT household_id, class, status, amount, item,
        status = 'received' AND coalesce(in_the_year(received_on), false) AS received,
        status = 'received' AND class NOT IN ('production_cost', 'unsold_stock') AS claimed,
        received_on IS NULL AS undated,
        coalesce(in_the_year(received_on), true) AS perhaps_in_year,
        coalesce(in_the_year(coalesce(received_on, booked_on)), true) AS cost_in_year,
        in_the_year(received_on) OR in_the_year(booked_on) AS of_year,
        coalesce(quantity > 0 AND unit_price > 0, false) AND buyer_kind IS NOT NULL AS proven
    FROM income_line
), income AS (
    SELECT household_id,
        count(*) FILTER (of_year) AS lines_of_year,
        sum(amount) FILTER (received AND class = 'wage') AS wage,
        sum(amount) FILTER (received AND class = 'business' AND proven) AS sales,
        sum(amount) FILTER (received AND class = 'own_consumption') AS own_consumption,
        sum(amount) FILTER (received AND class = 'property') AS property,
        sum(amount) FILTER (received AND class = 'transfer') AS transfer,
        sum(amount) FILTER (received AND class = 'transfer' AND item IN ('dibao', 'extreme_hardship'))
            AS allowance,
        sum(amount) FILTER (class = 'production_cost' AND status <> 'forecast' AND cost_in_year) AS costs,
        sum(amount) FILTER (claimed AND (undated OR perhaps_in_year AND class = 'business' AND NOT proven))
            AS unproven,
        sum(amount) FILTER (claimed AND NOT perhaps_in_year) AS outside_year,
        sum(amount) FILTER (status = 'forecast' AND class NOT IN ('production_cost', 'unsold_stock')) AS forecast,
        sum(amount) FILTER (status = 'accrued' AND class NOT IN ('production_cost', 'unsold_stock')) AS accrued,
        sum(amount) FILTER (class = 'unsold_stock') AS unsold
    FROM ledger
    GROUP BY household_id
), measures AS (
    SELECT household_id,
        count(*) AS listed,
        count(*) FILTER (state IN ('running', 'completed') AND kind IN ('industry', 'employment', 'public_job',
            'ecological_ranger', 'training', 'microcredit', 'ecommerce', 'tourism')) AS developing,
        count(*) FILTER (state IS NULL) AS state_silent,
        count(*) FILTER (effect = 'worked') AS worked,
        count(*) FILTER (effect IS NULL) AS effect_silent
    FROM measure
    GROUP BY household_id
), visits AS (
    SELECT household_id,
        count(*) FILTER (verified) AS verified,
        count(*) FILTER (verified IS NULL) AS silent
    FROM (SELECT household_id, kind = 'exit_verification' AND household_agrees AS verified
          FROM visit WHERE in_the_year(visited_on))
    GROUP BY household_id
), records AS (
    SELECT household_id, count(*) AS to_explain
    FROM department_record
    WHERE NOT coalesce(explained, false)
        AND kind IN ('public_payroll', 'village_cadre', 'motor_vehicle', 'town_house', 'company',
            'registered_elsewhere')
    GROUP BY household_id
), claims AS (
    SELECT household_id,
        sum(out_of_pocket) FILTER (in_the_year(treated_on)) AS paid,
        count(*) FILTER (treated_on IS NULL) AS undated
    FROM claim
    GROUP BY household_id
), joined AS (
    SELECT h.*, a.area_code, a.water_scarce, a.clinic_ready,
        coalesce(p.members_listed, 0) AS members_listed,
        coalesce(p.members_counted, 0) AS members_counted,
        CASE WHEN coalesce(p.ability_silent, 0) = 0 THEN coalesce(p.labourers, 0) END AS labourers,
        p.weak, p.skilled, p.ability_silent,
        p.ill, p.ill_silent, p.disabled, p.disabled_silent, p.old, p.age_silent,
        p.children, p.children_silent, p.students, p.students_silent,
        p.out_of_school, p.schooling_silent, p.uninsured, p.insured_silent,
        coalesce(i.lines_of_year, 0) AS lines_of_year,
        coalesce(i.wage, 0)::BIGINT AS wage_income,
        (coalesce(i.sales, 0) + coalesce(i.own_consumption, 0))::BIGINT AS business_income,
        coalesce(i.own_consumption, 0)::BIGINT AS own_consumption_income,
        coalesce(i.property, 0)::BIGINT AS property_income,
        coalesce(i.transfer, 0)::BIGINT AS transfer_income,
        coalesce(i.allowance, 0)::BIGINT AS allowance_income,
        coalesce(i.costs, 0)::BIGINT AS production_costs,
        coalesce(i.unproven, 0)::BIGINT AS unproven_income,
        coalesce(i.outside_year, 0)::BIGINT AS income_outside_year,
        coalesce(i.forecast, 0)::BIGINT AS forecast_amount,
        coalesce(i.accrued, 0)::BIGINT AS accrued_amount,
        coalesce(i.unsold, 0)::BIGINT AS unsold_stock_amount,
        m.listed IS NULL AS no_measures,
        any_row(m.developing, m.state_silent) AS has_development_measure,
        m.listed IS NULL OR any_row(m.worked, m.effect_silent) AS measures_worked,
        any_row(v.verified, v.silent) AS verified,
        coalesce(d.to_explain, 0) AS points_to_explain,
        CASE WHEN coalesce(c.undated, 0) = 0 THEN coalesce(c.paid, 0)::BIGINT END AS medical_cost
    FROM household h
    LEFT JOIN area a USING (area_id)
    LEFT JOIN people p USING (household_id)
    LEFT JOIN income i USING (household_id)
    LEFT JOIN measures m USING (household_id)
    LEFT JOIN visits v USING (household_id)
    LEFT JOIN records d USING (household_id)
    LEFT JOIN claims c USING (household_id)
), first_values AS (
    SELECT *,
        CASE WHEN members_counted > 0 THEN members_counted WHEN members_listed = 0 THEN size END AS size_counted,
        CASE WHEN members_listed > 0 AND coalesce(members_listed >= size, true) THEN true END AS everyone_listed,
        wage_income + business_income + property_income + transfer_income AS gross_income,
        CASE WHEN registered_on IS NOT NULL THEN greatest(registered_on, returned_on) END AS entered_on,
        water_litres >= 350 OR water_scarce AND water_litres >= 200 AS water_enough,
        CASE WHEN water_quality = 'lab_passed' THEN true
             WHEN water_quality IN ('lab_failed', 'senses_failed') THEN false
             WHEN water_quality = 'senses_passed' AND water_supply = 'dispersed' THEN true END AS water_clean,
        water_piped OR water_trip_minutes <= 20 OR water_distance <= 800 AND water_height <= 80 AS water_near,
        water_cut_days <= 36 AS water_reliable,
        coalesce(dwelling_tenure <> 'homeless', true) AS not_homeless,
        coalesce(dwelling_grade IN ('A', 'B'), NOT dangerous_house) AS housing_by_grade,
        coalesce(dwelling_work = 'accepted' AND dwelling_accepted_on <= DATE '2017-12-31'
                AND coalesce(dwelling_graded_on <= dwelling_accepted_on, true), false) AS housing_by_repair,
        coalesce(relocation_state = 'moved_in', false) AND relocation_moved_in_on <= DATE '2017-12-31'
            AS housing_by_relocation,
        coalesce(care_within_reach, clinic_ready) AS care_near,
        lines_of_year > 0 OR coalesce(in_the_year(income_checked_on), false) AS ledger_taken,
        NOT coalesce(dwelling_grade IN ('C', 'D') AND dwelling_graded_on <= exited_on
            AND dwelling_accepted_on > exited_on, false) AS repair_before_exit
    FROM joined
), second_values AS (
    SELECT *,
        CASE WHEN ledger_taken THEN gross_income - production_costs END AS net_income,
        295200 * size_counted AS line_total,
        size_counted - labourers AS dependants,
        coalesce(water_enough AND water_clean AND water_near AND water_reliable, water_solved) AS water
    FROM first_values
), judged AS (
    SELECT *,
        staple_food_enough AND varied_food AS food,
        clothes_for_season AND bedding_for_season AS clothing,
        NOT any_row(out_of_school, schooling_silent) AND everyone_listed AS education,
        NOT any_row(uninsured, insured_silent) AND everyone_listed
            AND care_near AS medical,
        housing_by_relocation OR not_homeless AND (housing_by_repair OR housing_by_grade) AS housing,
        CASE WHEN net_income >= line_total THEN true
             WHEN net_income + unproven_income < line_total THEN false END AS income,
        entered_on < DATE '2017-01-01' AS entered_earlier_year,
        entered_on <= DATE '2016-12-31' AS minimum_spell,
        labourers = 0 OR transfer_income * 2 <= gross_income OR has_development_measure AS own_income,
        exited_on IS NULL
            OR exited_on >= income_checked_on AND exited_on >= education_checked_on
                AND exited_on >= medical_checked_on AND exited_on >= housing_checked_on
                AND exited_on >= water_checked_on AND repair_before_exit AS exit_after_evidence
    FROM second_values
), ready AS (
    SELECT *,
        food AND clothing AND water AND education AND medical AND housing AS safe
    FROM judged
)
SELECT household_id, area_id, area_code AS area,
    coalesce(size_counted, 0)::DOUBLE AS weight, 1::DOUBLE AS household_weight,
    water_enough, water_clean, water_near, water_reliable,
    entered_on, (entered_on + INTERVAL 12 MONTH)::DATE AS spell_ends_on,
    DATE '2017-12-31' - entered_on AS registered_days,
    has_development_measure, repair_before_exit, no_measures,
    relocation_area > 2500 * size_counted AS relocation_too_large,
    relocation_own_payment > 1000000 AS relocation_debt,
    points_to_explain,
    care_near, not_homeless, housing_by_grade, housing_by_repair, housing_by_relocation,
    lines_of_year, ledger_taken,
    yuan(wage_income) AS wage_income,
    yuan(business_income) AS business_income,
    yuan(own_consumption_income) AS own_consumption_income,
    yuan(property_income) AS property_income,
    yuan(transfer_income) AS transfer_income,
    yuan(allowance_income) AS allowance_income,
    yuan(gross_income) AS gross_income,
    yuan(production_costs) AS production_costs,
    yuan(net_income) AS net_income,
    yuan(ratio(net_income, size_counted)) AS income_per_person,
    yuan(line_total) AS line_total,
    yuan(CASE WHEN net_income >= line_total THEN 0 ELSE line_total - net_income END) AS income_gap,
    (ratio(transfer_income * 10000, gross_income)::DECIMAL(18, 0) * 0.0001)::DECIMAL(18, 4) AS transfer_share,
    yuan(unproven_income) AS unproven_income,
    yuan(forecast_amount) AS forecast_amount,
    yuan(accrued_amount) AS accrued_amount,
    yuan(unsold_stock_amount) AS unsold_stock_amount,
    yuan(income_outside_year) AS income_outside_year,
    yuan(medical_cost) AS medical_cost,
    yuan(net_income - medical_cost) AS income_after_medical_cost,
    members_listed, members_counted, size_counted,
    coalesce(size_counted, 0) AS people,
    everyone_listed,
    labourers,
    ((labourers * 10 - 5 * coalesce(weak, 0))::DECIMAL(18, 0) * 0.1)::DECIMAL(18, 1) AS labour_units,
    dependants,
    (ratio(dependants * 10000, size_counted)::DECIMAL(18, 0) * 0.0001)::DECIMAL(18, 4) AS dependency_share,
    CASE WHEN coalesce(ill_silent, 0) = 0 THEN coalesce(ill, 0) END AS members_ill,
    CASE WHEN coalesce(disabled_silent, 0) = 0 THEN coalesce(disabled, 0) END AS members_disabled,
    CASE WHEN coalesce(age_silent, 0) = 0 THEN coalesce(old, 0) END AS members_old,
    CASE WHEN coalesce(children_silent, 0) = 0 THEN coalesce(children, 0) END AS children_of_school_age,
    any_row(ill, ill_silent) AS cause_illness,
    any_row(disabled, disabled_silent) AS cause_disability,
    any_row(students, students_silent) AS cause_schooling,
    disaster_loss > 0 AS cause_disaster,
    cultivated_land < 80 * size_counted AS cause_land,
    NOT water AS cause_water_lack,
    CASE WHEN skilled > 0 THEN false WHEN ability_silent > 0 THEN NULL ELSE labourers > 0 END AS cause_skills,
    labourers = 0 AS cause_labour,
    funds_lacking AS cause_funds,
    entry_road = 'earth' AS cause_traffic,
    word(food) AS food, word(clothing) AS clothing, word(water) AS water,
    word(entered_earlier_year) AS entered_earlier_year, word(minimum_spell) AS minimum_spell,
    word(measures_worked) AS measures_worked, word(own_income) AS own_income,
    word(exit_after_evidence) AS exit_after_evidence, word(verified) AS verified,
    word(education) AS education, word(medical) AS medical, word(housing) AS housing, word(income) AS income,
    status(safe AND income) AS status,
    status(safe AND income AND entered_earlier_year AND minimum_spell AND measures_worked AND own_income
        AND exit_after_evidence AND verified) AS status_exit,
    status(income) AS status_income_only,
    status(safe) AS status_guarantees,
    coalesce((NOT food)::INT, 0) + coalesce((NOT clothing)::INT, 0) + coalesce((NOT water)::INT, 0)
        + coalesce((NOT education)::INT, 0) + coalesce((NOT medical)::INT, 0) + coalesce((NOT housing)::INT, 0)
        AS guarantees_points,
    (food IS NULL)::INT + (clothing IS NULL)::INT + (water IS NULL)::INT
        + (education IS NULL)::INT + (medical IS NULL)::INT + (housing IS NULL)::INT AS guarantees_points_unknown
FROM ready
) TO 'households.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
    SELECT m.person_id, m.household_id, h.area_id, h.area, h.weight, h.household_weight,
        m.at_school, m.kept_home_by_health, m.newborn_insured,
        m.counted, m.age_years, m.school_year_age, m.of_school_age, m.outside_school_age,
        m.able_to_work, m.ill, m.disabled,
        word(m.schooling) AS schooling, word(m.insured) AS insured,
        h.status
    FROM member m
    JOIN 'households.parquet' h USING (household_id)
) TO 'persons.parquet' (FORMAT parquet, COMPRESSION zstd);

DROP TABLE member;
