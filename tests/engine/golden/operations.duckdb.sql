-- whole quotient of 64-bit integers
"left" // "right";

-- whole quotient of 128-bit integers
"above" // "below";

-- rounding of a 128-bit integer
(
  "number" + CASE WHEN "number" < 0 THEN -50 ELSE 50 END
) // 100;

-- sum that may pass 38 digits
CASE
  WHEN (
    (
      "right" >= 0
    )
    AND (
      "left" <= (
        CAST(99999999999999999999999999999999999999 AS INT128) - "right"
      )
    )
  )
  OR (
    (
      "right" < 0
    )
    AND (
      "left" >= (
        (
          -CAST(99999999999999999999999999999999999999 AS INT128)
        ) - "right"
      )
    )
  )
  THEN "left" + "right"
END;

-- difference that may pass 38 digits
CASE
  WHEN (
    (
      (
        -"right"
      ) >= 0
    )
    AND (
      "left" <= (
        CAST(99999999999999999999999999999999999999 AS INT128) - (
          -"right"
        )
      )
    )
  )
  OR (
    (
      (
        -"right"
      ) < 0
    )
    AND (
      "left" >= (
        (
          -CAST(99999999999999999999999999999999999999 AS INT128)
        ) - (
          -"right"
        )
      )
    )
  )
  THEN "left" - "right"
END;

-- product that may pass 38 digits
CASE
  WHEN "right" = 0
  THEN "left" * "right"
  WHEN ABS("left") <= (
    CAST(99999999999999999999999999999999999999 AS INT128) // ABS("right")
  )
  THEN "left" * "right"
END;

-- scaled integer as a decimal
CAST(CAST("number" AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS DECIMAL(18, 2));

-- round of a double
ROUND("number");

-- floor of a double
FLOOR("number");

-- ceil of a double
CEIL("number");

-- sign changed of a 128-bit integer
-"number";

-- absolute value
ABS("number");

-- absolute value of a 128-bit integer
ABS("number");

-- least
LEAST("left", "right");

-- greatest
GREATEST("left", "right");

-- date moved by days
CAST("day" + "number" AS DATE);

-- date moved by months
CAST("day" + TO_MONTHS("number") AS DATE);

-- days between two dates
CAST("later" - "earlier" AS BIGINT);

-- part of a date
CAST(EXTRACT(month FROM "day") AS BIGINT);

-- stop with a message
ERROR(CONCAT('no such key: ', "key"));

-- sum of rows in 64 bits
SUM_NO_OVERFLOW("number");

-- sum of rows in 128 bits
SUM("number");

-- bits set in any row
BIT_OR("number");

-- whole quotient of 18 digits
"above" // "below";

-- whole quotient of 38 digits
"above" // "below";

-- decimal of 38 digits
CASE
  WHEN "number" BETWEEN (
    -999999999999
  ) AND 999999999999
  THEN CAST(CAST(CAST("number" AS BIGINT) AS DECIMAL(12, 0)) * CAST(0.000001 AS DECIMAL(6, 6)) AS DECIMAL(38, 6))
  ELSE CAST(CAST("number" // CAST(1000000 AS INT128) AS DECIMAL(38, 6)) + (
    CAST("number" % CAST(1000000 AS INT128) AS DECIMAL(7, 0)) * CAST(0.000001 AS DECIMAL(6, 6))
  ) AS DECIMAL(38, 6))
END;
