-- comparison at the larger scale: net_income > 1.005
(
  `household.net_income` * 10
) > CAST(1005 AS BIGINT);

-- sum of two scales: net_income + per_person * size
CAST(`household.net_income` AS DECIMAL(38, 0)) + CAST(`household.per_person` * `household.size` AS DECIMAL(38, 0));

-- product in 128 bits: net_income * 1234567.89
CAST(`household.net_income` AS DECIMAL(38, 0)) * CAST(123456789 AS DECIMAL(38, 0));

-- division half away from zero: net_income / size
CAST(CASE
  WHEN `household.size` <> 0
  THEN (
    (
      `household.net_income` * 10000
    ) DIV `household.size`
  ) + CASE
    WHEN NOT (
      ABS((
        `household.net_income` * 10000
      ) % `household.size`) >= (
        ABS(`household.size`) - ABS((
          `household.net_income` * 10000
        ) % `household.size`)
      )
    )
    THEN 0
    WHEN (
      (
        `household.net_income` * 10000
      ) < 0
    ) = (
      `household.size` < 0
    )
    THEN 1
    ELSE (
      -1
    )
  END
END AS DECIMAL(38, 0));

-- round: round(per_person, 0)
(
  `household.per_person` + CASE
    WHEN `household.per_person` < 0
    THEN -CAST(50 AS BIGINT)
    ELSE CAST(50 AS BIGINT)
  END
) DIV 100;

-- floor: floor(per_person)
(
  `household.per_person` DIV 100
) + CASE WHEN (
  `household.per_person` % 100
) < 0 THEN (
  -1
) ELSE 0 END;

-- ceil: ceil(per_person)
(
  `household.per_person` DIV 100
) + CASE WHEN (
  `household.per_person` % 100
) > 0 THEN 1 ELSE 0 END;

-- case withholds after an unknown condition: case when grade = 'A' then 1 when size > 2 then 2 else 3 end
CASE
  WHEN `household.grade` = 'A'
  THEN CAST(1 AS BIGINT)
  WHEN (
    `household.grade` = 'A'
  ) IS NULL
  THEN NULL
  WHEN `household.size` > CAST(2 AS BIGINT)
  THEN CAST(2 AS BIGINT)
  ELSE CAST(3 AS BIGINT)
END;

-- least of what may be unknown: least(net_income, per_person * size)
CASE
  WHEN (
    NOT (
      `household.net_income` IS NULL
    )
  )
  AND (
    NOT (
      (
        `household.per_person` * `household.size`
      ) IS NULL
    )
  )
  THEN LEAST(`household.net_income`, `household.per_person` * `household.size`)
END;

-- coalesce: coalesce(net_income, 0)
COALESCE(`household.net_income`, CAST(0 AS BIGINT));

-- in a list of codes: grade in ('A', 'D')
`household.grade` IN ('A', 'D');

-- kleene and: income and school and grade = 'A'
`household.income` AND `household.school` AND (
  `household.grade` = 'A'
);

-- age of a date: age(date '1980-02-29')
CASE
  WHEN CAST(CAST('1980-02-29' AS DATE) AS DATE) <= CAST('2014-12-31' AS DATE)
  THEN CAST(2014 - CAST(EXTRACT(year FROM CAST(CAST('1980-02-29' AS DATE) AS DATE)) AS BIGINT) AS BIGINT)
END;

-- a date moved by a number that is not a constant: add_months(screening_date, extract(month from screening_date) - 2)
CASE
  WHEN CAST(EXTRACT(month FROM CAST('2014-12-31' AS DATE)) AS BIGINT) - CAST(2 AS BIGINT) BETWEEN (
    -120000
  ) AND 120000
  THEN CASE
    WHEN ADD_MONTHS(
      CAST('2014-12-31' AS DATE),
      CAST(GREATEST(
        LEAST(
          CAST(EXTRACT(month FROM CAST('2014-12-31' AS DATE)) AS BIGINT) - CAST(2 AS BIGINT),
          120000
        ),
        (
          -120000
        )
      ) AS INT)
    ) BETWEEN CAST('0001-01-01' AS DATE) AND CAST('9999-12-31' AS DATE)
    THEN ADD_MONTHS(
      CAST('2014-12-31' AS DATE),
      CAST(GREATEST(
        LEAST(
          CAST(EXTRACT(month FROM CAST('2014-12-31' AS DATE)) AS BIGINT) - CAST(2 AS BIGINT),
          120000
        ),
        (
          -120000
        )
      ) AS INT)
    )
  END
END;

-- parameter: net_income >= parameter('line') * size
`household.net_income` >= (
  CAST(280000 AS BIGINT) * `household.size`
);
