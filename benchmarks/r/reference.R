# SPDX-License-Identifier: Apache-2.0
# The figures of a sample by R: laeken for points, survey for linearised errors. Where neither has a measure its
# influence is written out below, in base R, and survey takes the variance of its total.
#
# Rscript reference.R FILE.csv OUT.csv WELFARE WEIGHT STRATUM CLUSTER GROUP LINE
# Columns of a stratum or cluster are joined by "+". Writes: name, group, value, error, effect.
suppressMessages({ library(laeken); library(survey) })
args <- commandArgs(trailingOnly = TRUE)
data <- read.csv(args[1], colClasses = NA)
joined <- function(names) do.call(paste, c(data[strsplit(names, "+", fixed = TRUE)[[1]]], sep = "|"))
y <- as.numeric(data[[args[3]]]); w <- as.numeric(data[[args[4]]])
strata <- joined(args[5]); psu <- joined(args[6]); g <- as.character(data[[args[7]]])
z <- as.numeric(args[8])
options(survey.lonely.psu = "adjust", digits = 17)

frame <- data.frame(y = y, w = w, strata = strata, psu = psu, g = g, one = 1)
positive <- y > 0
frame$below <- as.numeric(y < z)
frame$gap <- frame$below * (z - y) / z
frame$severity <- frame$below * ((z - y) / z)^2
frame$log_line <- ifelse(positive & y < z, log(z / pmax(y, 1e-300)), 0)
frame$p1 <- as.numeric(positive)
frame$py <- ifelse(positive, y, 0)
frame$pl <- ifelse(positive, log(pmax(y, 1e-300)), 0)
frame$pyl <- frame$py * frame$pl
frame$pyy <- frame$py^2
frame$pr <- sqrt(frame$py)
frame$pi <- ifelse(positive, 1 / pmax(y, 1e-300), 0)

out <- list()
put <- function(name, group, value, error = NA, effect = NA)
  out[[length(out) + 1]] <<- data.frame(name, group, value = unname(value), error = unname(error),
                                        effect = unname(effect))
design <- svydesign(ids = ~psu, strata = ~strata, weights = ~w, data = frame, nest = TRUE)

# A figure from its influence, per unit of weight, over all rows: the error of the total of the influence.
by_influence <- function(name, group, value, unit) {
  total <- svytotal(~unit, update(design, unit = unit))
  put(name, group, value, SE(total)[1])
}
quantile2 <- function(x, v, p) laeken::weightedQuantile(x, v, p)
width <- function(x, v) { m <- sum(v * x) / sum(v); sqrt(sum(v * (x - m)^2) / sum(v)) * sum(v)^-0.2 }
kernel <- function(x, v, at, h) sum(v * exp(-((x - at) / h)^2 / 2)) / sqrt(2 * pi) / h / sum(v)
H <- width(y, w)
linear_quantile <- function(d, p) {                       # Osier (2009); as convey::svyiqalpha
  q <- quantile2(y[d], w[d], p)
  list(q = q, unit = d * -((y <= q) - p) / (kernel(y[d], w[d], q, H) * sum(w[d])))
}
linear_gini <- function(x, v) {                           # Langel and Tille (2013)
  o <- order(x); x <- x[o]; v <- v[o]
  N <- cumsum(v); S <- cumsum(v * x); W <- sum(v); Y <- sum(v * x)
  G <- sum(v * x * (2 * N - v)) / (W * Y) - 1
  unit <- numeric(length(x))
  unit[o] <- (x * (2 * N - W) + Y - 2 * S) / (W * Y) - G * (1 / W + x / Y)
  list(value = G, unit = unit)
}
spread <- function(inside, values) { whole <- numeric(length(y)); whole[inside] <- values; whole }

everybody <- rep(TRUE, length(y))
half <- linear_quantile(everybody, 0.5)

figures_of <- function(group, d) {
  part <- subset(design, d)
  W <- sum(w[d]); yd <- y[d]; wd <- w[d]
  for (name in c("below_line" = "below", "gap" = "gap", "severity" = "severity", "mean" = "y")) {
    found <- svymean(as.formula(paste0("~", name)), part, deff = "replace")
    title <- c(below = "below_line", gap = "gap", severity = "severity", y = "mean")[[name]]
    put(title, group, coef(found)[1], SE(found)[1], deff(found)[1])
  }
  found <- svymean(~log_line, subset(design, d & positive), deff = "replace")
  put("watts", group, coef(found)[1], SE(found)[1], deff(found)[1])
  found <- svytotal(~one, part); put("people", group, coef(found)[1], SE(found)[1])
  totals <- svytotal(~p1 + py + pl + pyl + pyy + pr + pi, part)
  formulas <- list(
    ge0 = quote(log(py / p1) - pl / p1), ge1 = quote(pyl / py - log(py / p1)),
    ge2 = quote((pyy * p1 / py^2 - 1) / 2),
    atkinson_05 = quote(1 - (pr / p1)^2 / (py / p1)), atkinson_1 = quote(1 - exp(pl / p1) / (py / p1)),
    atkinson_2 = quote(1 - (p1 / pi) / (py / p1)))
  for (name in names(formulas)) {
    found <- svycontrast(totals, formulas[[name]])
    put(name, group, coef(found)[1], SE(found)[1])
  }
  for (p in c(0.1, 0.25, 0.5, 0.75, 0.9)) {
    found <- linear_quantile(d, p)
    name <- c("0.1" = "p10", "0.25" = "p25", "0.5" = "median", "0.75" = "p75", "0.9" = "p90")[[as.character(p)]]
    by_influence(name, group, found$q, found$unit)
  }
  found <- linear_gini(yd, wd)
  stopifnot(abs(found$value - laeken::gini(yd, wd)$value / 100) < 1e-12)
  by_influence("gini", group, laeken::gini(yd, wd)$value / 100, spread(d, found$unit))
  q <- quantile2(yd, wd, c(0.2, 0.8))
  low <- sum(wd * yd * (yd <= q[1])); high <- sum(wd * yd * (yd > q[2]))
  u_low <- d * (y * (y <= q[1]) - q[1] * ((y <= q[1]) - 0.2))
  u_high <- d * (y * (y > q[2]) + q[2] * ((y <= q[2]) - 0.8))
  by_influence("quintile_ratio", group, laeken::qsr(yd, wd)$value, u_high / low - high / low^2 * u_low)
  for (share in c(0.4, 0.5, 0.6, 0.7)) {
    at <- laeken::arpt(y, w, p = share); item <- paste0("@", 100 * share)
    if (group == "") by_influence(paste0("threshold", item), group, at, share * half$unit)
    rate <- sum(wd * (yd < at)) / W
    if (group == "") stopifnot(abs(rate - laeken::arpr(y, w, p = share)$value / 100) < 1e-12)
    u_rate <- d * ((y < at) - rate) / W + kernel(yd, wd, at, H) * share * half$unit
    by_influence(paste0("rate", item), group, rate, u_rate)
    poor <- d & y < at
    m <- laeken::weightedMedian(y[poor], w[poor])
    if (group == "" && share == 0.6) stopifnot(abs((at - m) / at - laeken::rmpg(y, w)$value / 100) < 1e-12)
    f <- kernel(yd, wd, m, H)
    u_m <- 0.5 / f * u_rate - d * ((y <= m) - rate / 2) / (W * f)
    by_influence(paste0("median_gap", item), group, 1 - m / at, m * share * half$unit / at^2 - u_m / at)
  }
  o <- order(yd, wd); N <- cumsum(wd[o]); S <- cumsum((wd * yd)[o]); Y <- sum(wd * yd)
  for (p in c(5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99) / 100) {
    L <- approx(c(0, N) / W, c(0, S) / Y, p, ties = "ordered")$y
    k <- which(N >= p * W)[1]; at <- yd[o][k]
    before <- logical(length(yd)); before[o[seq_len(k - 1)]] <- TRUE
    by_influence(paste0("income_share@", round(100 * p)), group, L,
                 spread(d, ((yd - at) * before + p * at - L * yd) / Y))
  }
  below <- yd < z; H0 <- sum(wd * below) / W; P1 <- sum(wd * below * (z - yd) / z) / W
  u_H <- (below - H0) / W; u_P <- (below * (z - yd) / z - P1) / W
  poor_gini <- linear_gini((yd / z)[below], wd[below]); u_G <- numeric(length(yd)); u_G[below] <- poor_gini$unit
  G <- poor_gini$value
  by_influence("sen", group, H0 * G + P1 * (1 - G),
               spread(d, G * u_H + (1 - G) * u_P + (H0 - P1) * u_G))
  of_gaps <- linear_gini(below * (z - yd) / z, wd)
  by_influence("sst", group, P1 * (1 + of_gaps$value),
               spread(d, (1 + of_gaps$value) * u_P + P1 * of_gaps$unit))
}

figures_of("", everybody)
for (name in sort(unique(g))) figures_of(name, g == name)

# Decompositions: delta method over the totals of every group.
names_g <- sort(unique(g))
for (i in seq_along(names_g)) {
  inside <- as.numeric(g == names_g[i])
  parts <- svyratio(~I(inside * gap), ~gap, design)
  put("share_of_gap", names_g[i], coef(parts)[1], SE(parts)[1])
  frame[[paste0("n", i)]] <- inside * frame$p1
  frame[[paste0("y", i)]] <- inside * frame$py
  frame[[paste0("l", i)]] <- inside * frame$pl
}
columns <- as.vector(outer(c("n", "y", "l"), seq_along(names_g), paste0))
wide <- svydesign(ids = ~psu, strata = ~strata, weights = ~w, data = frame, nest = TRUE)
totals <- svytotal(as.formula(paste("~", paste(columns, collapse = "+"))), wide)
N <- paste0("(", paste0("n", seq_along(names_g), collapse = "+"), ")")
Y <- paste0("(", paste0("y", seq_along(names_g), collapse = "+"), ")")
terms <- paste0("n", seq_along(names_g))
between <- paste0(terms, "/", N, "*log((", Y, "/", N, ")/(y", seq_along(names_g), "/", terms, "))", collapse = "+")
within <- paste0(terms, "/", N, "*(log(y", seq_along(names_g), "/", terms, ")-l", seq_along(names_g), "/", terms, ")",
                 collapse = "+")
for (pair in list(c("ge0_between", between), c("ge0_within", within))) {
  found <- svycontrast(totals, parse(text = pair[2])[[1]])
  put(pair[1], "", coef(found)[1], SE(found)[1])
}
write.csv(format(do.call(rbind, out), digits = 17, trim = TRUE), args[2], row.names = FALSE, quote = FALSE)
cat(R.version.string, "laeken", as.character(packageVersion("laeken")), "survey", as.character(packageVersion("survey")), "\n")
