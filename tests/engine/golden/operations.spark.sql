-- whole quotient of 64-bit integers
`left` DIV `right`;

-- whole quotient of 128-bit integers
CAST((
  `above` - (
    `above` % `below`
  )
) / `below` AS DECIMAL(38, 0));

-- rounding of a 128-bit integer
CAST(CAST(`number` DIV 100 AS DECIMAL(38, 0)) + CASE
  WHEN CASE
    WHEN (
      `number` % 100
    ) < 0
    THEN CAST(0 - (
      `number` % 100
    ) AS DECIMAL(38, 0))
    ELSE `number` % 100
  END >= (
    100 - CASE
      WHEN (
        `number` % 100
      ) < 0
      THEN CAST(0 - (
        `number` % 100
      ) AS DECIMAL(38, 0))
      ELSE `number` % 100
    END
  )
  THEN CASE WHEN `number` < 0 THEN (
    -1
  ) ELSE 1 END
  ELSE 0
END AS DECIMAL(38, 0));

-- sum that may pass 38 digits
TRY_ADD(`left`, `right`);

-- difference that may pass 38 digits
TRY_SUBTRACT(`left`, `right`);

-- product that may pass 38 digits
TRY_MULTIPLY(`left`, `right`);

-- scaled integer as a decimal
CAST(CAST(`number` AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS DECIMAL(18, 2));

-- round of a double
CASE
  WHEN ABS(`number`) < CAST('9007199254740992.0' AS DOUBLE)
  THEN CAST(ROUND(`number`, 0) AS DOUBLE)
  ELSE `number`
END;

-- floor of a double
CASE
  WHEN ABS(`number`) < CAST('9007199254740992.0' AS DOUBLE)
  THEN CAST(FLOOR(`number`) AS DOUBLE)
  ELSE `number`
END;

-- ceil of a double
CASE
  WHEN ABS(`number`) < CAST('9007199254740992.0' AS DOUBLE)
  THEN CAST(CEIL(`number`) AS DOUBLE)
  ELSE `number`
END;

-- sign changed of a 128-bit integer
CAST(0 - `number` AS DECIMAL(38, 0));

-- absolute value
ABS(`number`);

-- absolute value of a 128-bit integer
CASE WHEN `number` < 0 THEN CAST(0 - `number` AS DECIMAL(38, 0)) ELSE `number` END;

-- least
LEAST(`left`, `right`);

-- greatest
GREATEST(`left`, `right`);

-- date moved by days
DATE_ADD(`day`, `number`);

-- date moved by months
ADD_MONTHS(`day`, `number`);

-- days between two dates
CAST(DATEDIFF(`later`, `earlier`) AS BIGINT);

-- part of a date
CAST(EXTRACT(month FROM `day`) AS BIGINT);

-- stop with a message
RAISE_ERROR(CONCAT('no such key: ', CAST(`key` AS STRING)));

-- sum of rows in 64 bits
SUM(`number`);

-- sum of rows in 128 bits
CAST(SUM(CAST(`number` AS DECIMAL(38, 0))) AS DECIMAL(38, 0));

-- bits set in any row
BIT_OR(`number`);

-- whole quotient of 18 digits
CAST(`above` DIV `below` AS DECIMAL(38, 0));

-- whole quotient of 38 digits
CASE
  WHEN CASE WHEN `below` < 0 THEN CAST(0 - `below` AS DECIMAL(38, 0)) ELSE `below` END >= 1000000
  THEN CAST((
    `above` - (
      `above` % `below`
    )
  ) / `below` AS DECIMAL(38, 0))
  ELSE (
    CAST((
      CAST((
        `above` - (
          `above` % CAST(10000000000000000000 AS DECIMAL(38, 0))
        )
      ) / CAST(10000000000000000000 AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) - (
        CAST((
          `above` - (
            `above` % CAST(10000000000000000000 AS DECIMAL(38, 0))
          )
        ) / CAST(10000000000000000000 AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) % `below`
      )
    ) / `below` AS DECIMAL(38, 0)) * CAST(10000000000000000000 AS DECIMAL(38, 0))
  ) + CAST((
    (
      (
        (
          CAST((
            `above` - (
              `above` % CAST(10000000000000000000 AS DECIMAL(38, 0))
            )
          ) / CAST(10000000000000000000 AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) % `below`
        ) * CAST(10000000000000000000 AS DECIMAL(38, 0))
      ) + (
        `above` % CAST(10000000000000000000 AS DECIMAL(38, 0))
      )
    ) - (
      (
        (
          (
            CAST((
              `above` - (
                `above` % CAST(10000000000000000000 AS DECIMAL(38, 0))
              )
            ) / CAST(10000000000000000000 AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) % `below`
          ) * CAST(10000000000000000000 AS DECIMAL(38, 0))
        ) + (
          `above` % CAST(10000000000000000000 AS DECIMAL(38, 0))
        )
      ) % `below`
    )
  ) / `below` AS DECIMAL(38, 0))
END;

-- decimal of 38 digits
CAST(CONCAT(CAST(`number` AS STRING), 'E-6') AS DECIMAL(38, 6));
