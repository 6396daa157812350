-- household_facts
SELECT
  "h"."household_id",
  "h"."area_id",
  "h"."size" AS "household.size",
  "h"."grade" AS "household.grade",
  "a"."area_code" AS "area",
  "a"."dry" AS "area.dry"
FROM household AS h
LEFT JOIN area AS a
  ON "a"."area_id" = "h"."area_id";

-- claim_rows_1
SELECT
  "r"."household_id",
  "r"."person_id",
  "r"."paid" AS "claim.paid"
FROM claim AS r;

-- claim_terms_for_person_1
SELECT
  "person_id",
  "claim.paid" AS "claim.term_1"
FROM claim_rows_1;

-- claim_by_person_1
SELECT
  "person_id",
  SUM_NO_OVERFLOW("claim.term_1") AS "claim.sum_1",
  BIT_OR(
    CASE WHEN (
      "claim.term_1" IS NULL
    ) THEN CAST(1 AS INT) ELSE CAST(0 AS INT) END
  ) AS "claim.flags_0"
FROM claim_terms_for_person_1
GROUP BY
  "person_id";

-- claim_terms_for_household_1
SELECT
  "household_id",
  "claim.paid" AS "claim.term_1"
FROM claim_rows_1;

-- claim_by_household_1
SELECT
  "household_id",
  SUM_NO_OVERFLOW("claim.term_1") AS "claim.sum_1",
  BIT_OR(
    CASE WHEN (
      "claim.term_1" IS NULL
    ) THEN CAST(1 AS INT) ELSE CAST(0 AS INT) END
  ) AS "claim.flags_0"
FROM claim_terms_for_household_1
GROUP BY
  "household_id";

-- person_rows_1
SELECT
  "r"."household_id",
  "r"."person_id",
  "r"."birth_date" AS "person.birth_date",
  "r"."in_school" AS "person.in_school"
FROM person AS r;

-- person_counts_1
SELECT
  r.*,
  CAST(COALESCE("c1"."claim.sum_1", 0) AS BIGINT) AS "claim.sum_1",
  COALESCE("c1"."claim.flags_0", 0) & 1 AS "claim.any_1"
FROM person_rows_1 AS r
LEFT JOIN claim_by_person_1 AS c1
  ON "c1"."person_id" = "r"."person_id";

-- person_values_1_1
SELECT
  "household_id",
  "person_id",
  "person.birth_date",
  "person.in_school",
  "claim.sum_1",
  "claim.any_1",
  CASE WHEN "claim.any_1" = 0 THEN "claim.sum_1" END AS "person.own_payments"
FROM person_counts_1;

-- person_terms_for_household_1_shared_1
SELECT
  *,
  CASE
    WHEN "person.birth_date" <= CAST('2014-12-31' AS DATE)
    THEN CAST(2014 - CAST(EXTRACT(year FROM "person.birth_date") AS BIGINT) AS BIGINT)
  END AS "person_terms_for_household_1_shared_1.1"
FROM person_values_1_1;

-- person_terms_for_household_1
SELECT
  "household_id",
  (
    "person_terms_for_household_1_shared_1.1" >= CAST(6 AS BIGINT)
  )
  AND (
    "person_terms_for_household_1_shared_1.1" <= CAST(15 AS BIGINT)
  ) AS "person.term_1",
  "person.in_school" AS "person.term_2"
FROM person_terms_for_household_1_shared_1;

-- person_by_household_1
SELECT
  "household_id",
  COUNT(*) AS "person.count_1",
  BIT_OR(
    CASE
      WHEN (
        "person.term_1" IS NULL
      )
      OR (
        "person.term_1" AND (
          "person.term_2" IS NULL
        )
      )
      THEN CAST(1 AS INT)
      ELSE CAST(0 AS INT)
    END | CASE
      WHEN "person.term_1" AND (
        NOT "person.term_2"
      )
      THEN CAST(2 AS INT)
      ELSE CAST(0 AS INT)
    END
  ) AS "person.flags_0"
FROM person_terms_for_household_1
GROUP BY
  "household_id";

-- income_line_rows_1
SELECT
  "r"."household_id",
  "r"."amount" AS "income_line.amount",
  "r"."received_on" AS "income_line.received_on"
FROM income_line AS r;

-- income_line_terms_for_household_1
SELECT
  "household_id",
  (
    "income_line.received_on" > CAST('2013-12-31' AS DATE)
  )
  AND (
    "income_line.received_on" <= CAST('2014-12-31' AS DATE)
  ) AS "income_line.term_1",
  "income_line.amount" AS "income_line.term_2"
FROM income_line_rows_1;

-- income_line_by_household_1
SELECT
  "household_id",
  SUM_NO_OVERFLOW(CASE WHEN "income_line.term_1" THEN "income_line.term_2" ELSE 0 END) AS "income_line.sum_1",
  BIT_OR(
    CASE
      WHEN (
        "income_line.term_1" IS NULL
      )
      OR (
        "income_line.term_1" AND (
          "income_line.term_2" IS NULL
        )
      )
      THEN CAST(1 AS INT)
      ELSE CAST(0 AS INT)
    END
  ) AS "income_line.flags_0"
FROM income_line_terms_for_household_1
GROUP BY
  "household_id";

-- household_counts_1
SELECT
  r.*,
  CAST(COALESCE("c1"."claim.sum_1", 0) AS BIGINT) AS "claim.sum_1",
  COALESCE("c1"."claim.flags_0", 0) & 1 AS "claim.any_1",
  COALESCE("c2"."person.count_1", 0) AS "person.count_1",
  COALESCE("c2"."person.flags_0", 0) & 1 AS "person.any_1",
  COALESCE("c2"."person.flags_0", 0) & 2 AS "person.any_2",
  CAST(COALESCE("c3"."income_line.sum_1", 0) AS BIGINT) AS "income_line.sum_1",
  COALESCE("c3"."income_line.flags_0", 0) & 1 AS "income_line.any_1"
FROM household_facts AS r
LEFT JOIN claim_by_household_1 AS c1
  ON "c1"."household_id" = "r"."household_id"
LEFT JOIN person_by_household_1 AS c2
  ON "c2"."household_id" = "r"."household_id"
LEFT JOIN income_line_by_household_1 AS c3
  ON "c3"."household_id" = "r"."household_id";

-- household_values_1_1
SELECT
  *,
  CASE WHEN "income_line.any_1" = 0 THEN "income_line.sum_1" END AS "household.net_income",
  CASE WHEN "claim.any_1" = 0 THEN "claim.sum_1" END AS "household.all_payments",
  CASE
    WHEN "person.any_2" > 0
    THEN FALSE
    WHEN "person.any_1" > 0
    THEN NULL
    ELSE TRUE
  END AS "household.school",
  (
    "household.grade" = 'A'
  ) OR "area.dry" AS "household.housing",
  "person.count_1" AS "household.listed_members"
FROM household_counts_1;

-- household_values_1_2_shared_1
SELECT
  *,
  CAST(CASE
    WHEN "household.size" <> 0
    THEN (
      (
        "household.net_income" * 10000
      ) // "household.size"
    ) + CASE
      WHEN NOT (
        ABS((
          "household.net_income" * 10000
        ) % "household.size") >= (
          ABS("household.size") - ABS((
            "household.net_income" * 10000
          ) % "household.size")
        )
      )
      THEN 0
      WHEN (
        (
          "household.net_income" * 10000
        ) < 0
      ) = (
        "household.size" < 0
      )
      THEN 1
      ELSE (
        -1
      )
    END
  END AS INT128) AS "household_values_1_2_shared_1.1"
FROM household_values_1_1;

-- household_values_1_2
SELECT
  "household_id",
  "area_id",
  "area",
  "household.net_income",
  "household.all_payments",
  "household.school",
  "household.housing",
  "household.listed_members",
  CAST((
    "household_values_1_2_shared_1.1" + CASE
      WHEN "household_values_1_2_shared_1.1" < 0
      THEN -CAST(5000 AS INT128)
      ELSE CAST(5000 AS INT128)
    END
  ) // 10000 AS BIGINT) AS "household.per_person",
  "household.net_income" >= (
    CAST(280000 AS BIGINT) * "household.size"
  ) AS "household.income"
FROM household_values_1_2_shared_1;

-- person_values_1_1_placed_2
SELECT
  r.*,
  "h"."household.income"
FROM person_values_1_1 AS r
LEFT JOIN household_values_1_2 AS h
  ON "h"."household_id" = "r"."household_id";

-- person_values_2_1
SELECT
  "household_id",
  "person_id",
  "person.own_payments",
  "household.income",
  (
    CASE
      WHEN "person.birth_date" <= CAST('2014-12-31' AS DATE)
      THEN CAST(2014 - CAST(EXTRACT(year FROM "person.birth_date") AS BIGINT) AS BIGINT)
    END < CAST(16 AS BIGINT)
  )
  AND (
    NOT "household.income"
  ) AS "person.poor_child"
FROM person_values_1_1_placed_2;

-- person_terms_for_household_2
SELECT
  "household_id",
  "person.poor_child" AS "person pass 2.term_1"
FROM person_values_2_1;

-- person_by_household_2
SELECT
  "household_id",
  COUNT(*) FILTER(WHERE
    "person pass 2.term_1") AS "person pass 2.count_1",
  BIT_OR(
    CASE
      WHEN (
        "person pass 2.term_1" IS NULL
      )
      THEN CAST(1 AS INT)
      ELSE CAST(0 AS INT)
    END
  ) AS "person pass 2.flags_0"
FROM person_terms_for_household_2
GROUP BY
  "household_id";

-- household_counts_2
SELECT
  r.*,
  COALESCE("c1"."person pass 2.count_1", 0) AS "person pass 2.count_1",
  COALESCE("c1"."person pass 2.flags_0", 0) & 1 AS "person pass 2.any_1"
FROM household_values_1_2 AS r
LEFT JOIN person_by_household_2 AS c1
  ON "c1"."household_id" = "r"."household_id";

-- household_values_2_1
SELECT
  *,
  CASE WHEN "person pass 2.any_1" = 0 THEN "person pass 2.count_1" END AS "household.poor_children"
FROM household_counts_2;

-- household_grounds
SELECT
  *,
  "household.income" AND "household.school" AND "household.housing" AS "standard.national.good",
  (
    (
      CASE WHEN NOT "household.income" THEN 1 ELSE 0 END + CASE WHEN NOT "household.school" THEN 1 ELSE 0 END
    ) + CASE WHEN NOT "household.housing" THEN 1 ELSE 0 END
  ) AS "standard.two_of_three.bad",
  (
    (
      CASE WHEN "household.income" IS NULL THEN 1 ELSE 0 END + CASE WHEN "household.school" IS NULL THEN 1 ELSE 0 END
    ) + CASE WHEN "household.housing" IS NULL THEN 1 ELSE 0 END
  ) AS "standard.two_of_three.unknown",
  (
    (
      CASE WHEN NOT "household.income" THEN 2 ELSE 0 END + CASE WHEN NOT "household.school" THEN 1 ELSE 0 END
    ) + CASE WHEN NOT "household.housing" THEN 1 ELSE 0 END
  ) AS "index.lacks.bad",
  (
    (
      CASE WHEN "household.income" IS NULL THEN 2 ELSE 0 END + CASE WHEN "household.school" IS NULL THEN 1 ELSE 0 END
    ) + CASE WHEN "household.housing" IS NULL THEN 1 ELSE 0 END
  ) AS "index.lacks.unknown"
FROM household_values_2_1;

-- households
SELECT
  "household_id",
  "area_id",
  "area",
  CAST(1 AS DOUBLE) * CAST("household.listed_members" AS DOUBLE) AS "weight",
  CAST(1 AS DOUBLE) AS "household_weight",
  CAST("household.net_income" AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS "net_income",
  CAST("household.per_person" AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS "per_person",
  CAST("household.all_payments" AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS "all_payments",
  "household.poor_children" AS "poor_children",
  CASE
    WHEN "household.income"
    THEN 'met'
    WHEN NOT "household.income"
    THEN 'not met'
    ELSE 'unknown'
  END AS "income",
  CASE
    WHEN "household.school"
    THEN 'met'
    WHEN NOT "household.school"
    THEN 'not met'
    ELSE 'unknown'
  END AS "school",
  CASE
    WHEN "household.housing"
    THEN 'met'
    WHEN NOT "household.housing"
    THEN 'not met'
    ELSE 'unknown'
  END AS "housing",
  CASE
    WHEN "standard.national.good"
    THEN 'not poor'
    WHEN NOT "standard.national.good"
    THEN 'poor'
    ELSE 'unknown'
  END AS "status",
  CASE
    WHEN "standard.two_of_three.bad" >= 2
    THEN 'poor'
    WHEN (
      "standard.two_of_three.bad" + "standard.two_of_three.unknown"
    ) < 2
    THEN 'not poor'
    ELSE 'unknown'
  END AS "status_two_of_three",
  CAST("index.lacks.bad" AS INT) AS "lacks_points",
  CAST("index.lacks.unknown" AS INT) AS "lacks_points_unknown"
FROM household_grounds;

-- persons
SELECT
  "p"."person_id",
  "p"."household_id",
  "h"."area_id",
  "h"."area",
  "h"."weight",
  "h"."household_weight",
  CAST("person.own_payments" AS DECIMAL(16, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS "own_payments",
  "person.poor_child" AS "poor_child",
  "h"."status"
FROM person_values_2_1 AS p
JOIN run_households AS h
  ON "h"."household_id" = "p"."household_id";
