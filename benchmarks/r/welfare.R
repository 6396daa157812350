# SPDX-License-Identifier: Apache-2.0
# The figures of welfare in a sample by R: laeken for points, survey for linearised errors. Where neither has a
# measure its influence is written out below, in base R, and survey takes the variance of its total.
#
# Rscript welfare.R FILE.csv OUT.csv WEIGHT STRATUM CLUSTER GROUP WELFARE LINE
own <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(own), "common.R"))
y <- as.numeric(data[[args[7]]]); z <- as.numeric(args[8])
known <- !is.na(y); y[!known] <- 1                         # whom nothing below counts, since d is of the known

frame <- data.frame(y = y, one = 1, known = as.numeric(known), unknown = as.numeric(!known))
positive <- known & y > 0
frame$nonpositive <- as.numeric(known & !positive)
frame$below <- as.numeric(known & y < z)
frame$y[!known] <- 0
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

design <- designed(frame)

quantile2 <- function(x, v, p) laeken::weightedQuantile(x, v, p)
width <- function(x, v) { m <- sum(v * x) / sum(v); sqrt(sum(v * (x - m)^2) / sum(v)) * sum(v)^-0.2 }
kernel <- function(x, v, at, h) sum(v * exp(-((x - at) / h)^2 / 2)) / sqrt(2 * pi) / h / sum(v)
H <- width(y[known], w[known])
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
half <- linear_quantile(known, 0.5)

means <- c(below_line = "below", gap = "gap", severity = "severity", mean = "y", watts_left_out = "nonpositive",
           nonpositive = "nonpositive")
figures_of <- function(group, of) {
  d <- of & known; part <- subset(design, of)
  W <- sum(w[d]); yd <- y[d]; wd <- w[d]
  by_ratio("welfare_unknown", group, frame$unknown, frame$one, of)
  for (name in names(means)) {
    found <- svymean(as.formula(paste0("~", means[[name]])), subset(design, d))
    again <- svyratio(as.formula(paste0("~", means[[name]])), ~known, part, deff = "replace")
    stopifnot(isTRUE(all.equal(unname(SE(found)[1]), unname(SE(again)[1]), tolerance = 1e-9)))
    put(name, group, coef(found)[1], SE(found)[1], deff(again)[1])
  }
  found <- svymean(~log_line, subset(design, d & positive))
  watts <- (d & positive) * (frame$log_line - coef(found)[1]) / sum(w[d & positive])
  stopifnot(abs(SE(svytotal(~watts, update(design, watts = watts)))[1] / SE(found)[1] - 1) < 1e-8)
  by_influence("watts", group, coef(found)[1], watts, of)
  found <- svytotal(~one, part); put("people", group, coef(found)[1], SE(found)[1])
  totals <- svytotal(~p1 + py + pl + pyl + pyy + pr + pi, part)
  formulas <- list(
    ge0 = quote(log(py / p1) - pl / p1), ge1 = quote(pyl / py - log(py / p1)),
    ge2 = quote((pyy * p1 / py^2 - 1) / 2),
    atkinson_05 = quote(1 - (pr / p1)^2 / (py / p1)), atkinson_1 = quote(1 - exp(pl / p1) / (py / p1)),
    atkinson_2 = quote(1 - (p1 / pi) / (py / p1)))
  for (name in names(formulas)) by_contrast(name, group, formulas[[name]], totals, frame, of)
  for (p in c(0.1, 0.25, 0.5, 0.75, 0.9)) {
    found <- linear_quantile(d, p)
    name <- c("0.1" = "p10", "0.25" = "p25", "0.5" = "median", "0.75" = "p75", "0.9" = "p90")[[as.character(p)]]
    by_influence(name, group, found$q, found$unit, of)
  }
  found <- linear_gini(yd, wd)
  stopifnot(abs(found$value - laeken::gini(yd, wd)$value / 100) < 1e-12)
  by_influence("gini", group, laeken::gini(yd, wd)$value / 100, spread(d, found$unit), of)
  q <- quantile2(yd, wd, c(0.2, 0.8))
  low <- sum(wd * yd * (yd <= q[1])); high <- sum(wd * yd * (yd > q[2]))
  u_low <- d * (y * (y <= q[1]) - q[1] * ((y <= q[1]) - 0.2))
  u_high <- d * (y * (y > q[2]) + q[2] * ((y <= q[2]) - 0.8))
  by_influence("quintile_ratio", group, laeken::qsr(yd, wd)$value, u_high / low - high / low^2 * u_low, of)
  for (share in c(0.4, 0.5, 0.6, 0.7)) {
    at <- laeken::arpt(y[known], w[known], p = share); item <- paste0("@", 100 * share)
    by_influence(paste0("threshold", item), group, at, share * half$unit)
    rate <- sum(wd * (yd < at)) / W
    if (group == "") stopifnot(abs(rate - laeken::arpr(y[known], w[known], p = share)$value / 100) < 1e-12)
    u_rate <- d * ((y < at) - rate) / W + kernel(yd, wd, at, H) * share * half$unit
    by_influence(paste0("rate", item), group, rate, u_rate)
    poor <- d & y < at
    m <- laeken::weightedMedian(y[poor], w[poor])
    if (group == "" && share == 0.6) stopifnot(abs((at - m) / at - laeken::rmpg(y[known], w[known])$value / 100) < 1e-12)
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
                 spread(d, ((yd - at) * before + p * at - L * yd) / Y), of)
    found <- linear_quantile(d, p)
    by_influence(paste0("income@", round(100 * p)), group, found$q, found$unit, of)
  }
  below <- yd < z; H0 <- sum(wd * below) / W; P1 <- sum(wd * below * (z - yd) / z) / W
  u_H <- (below - H0) / W; u_P <- (below * (z - yd) / z - P1) / W
  poor_gini <- linear_gini((yd / z)[below], wd[below]); u_G <- numeric(length(yd)); u_G[below] <- poor_gini$unit
  G <- poor_gini$value
  by_influence("sen", group, H0 * G + P1 * (1 - G),
               spread(d, G * u_H + (1 - G) * u_P + (H0 - P1) * u_G), of)
  of_gaps <- linear_gini(below * (z - yd) / z, wd)
  by_influence("sst", group, P1 * (1 + of_gaps$value),
               spread(d, (1 + of_gaps$value) * u_P + P1 * of_gaps$unit), of)
}

figures_of("", everybody)
for (name in sort(unique(g))) figures_of(name, g == name)

# Decompositions: delta method over the totals of every group.
names_g <- sort(unique(g))
shares <- c(share_of_below_line = "below", share_of_gap = "gap", share_of_severity = "severity",
            population_share = "known")
terms <- c(n = "p1", y = "py", l = "pl", e = "pyl", s = "pyy")
for (i in seq_along(names_g)) {
  inside <- as.numeric(g == names_g[i])
  for (name in names(shares))
    by_ratio(name, names_g[i], inside * frame[[shares[[name]]]], frame[[shares[[name]]]], everybody)
  for (term in names(terms)) frame[[paste0(term, i)]] <- inside * frame[[terms[[term]]]]
}
columns <- as.vector(outer(names(terms), seq_along(names_g), paste0))
design <- designed(frame)
totals <- svytotal(as.formula(paste("~", paste(columns, collapse = "+"))), design)
of_all <- function(term) paste0("(", paste0(term, seq_along(names_g), collapse = "+"), ")")
summed <- function(term) paste(sapply(seq_along(names_g), function(i) {
  term <- gsub("N", of_all("n"), gsub("Y", of_all("y"), term, fixed = TRUE), fixed = TRUE)
  gsub("\\b([nyles])\\b", paste0("\\1", i), term, perl = TRUE)
}), collapse = "+")
parts <- list(
  ge0_within = summed("n/N*(log(y/n)-l/n)"), ge0_between = summed("n/N*(log(Y/N)-log(y/n))"),
  ge1_within = summed("y/Y*(e/y-log(y/n))"), ge1_between = summed("y/Y*(log(y/n)-log(Y/N))"),
  ge2_within = summed("n/N*(y/n*N/Y)^2*(s*n/y^2-1)/2"),
  ge2_between = paste0("(", summed("n/N*(y/n*N/Y)^2"), "-1)/2"))
for (name in names(parts))
  by_contrast(paste0(name, "@", args[6]), "", parse(text = parts[[name]])[[1]], totals, frame, everybody)
written()
