# SPDX-License-Identifier: Apache-2.0
# The change between two runs over one sample by R: the account of the poor as totals by svytotal, and growth by
# percentile from the influences of both quantiles, which survey adds up over the households of both; then growth
# once more, as if the two had been samples drawn apart.
#
# Rscript change.R FILE.csv OUT.csv: a household a row, with before, after, past (statuses), w1, w2, y1, y2,
# s1, s2 (strata), c1, c2 (clusters), g1, g2 (groups), of the earlier and the later run; nothing where it is in one.
suppressMessages({ library(laeken); library(survey) })
args <- commandArgs(trailingOnly = TRUE)
data <- read.csv(args[1], colClasses = NA)
later <- function(name) ifelse(is.na(data$w2), data[[paste0(name, 1)]], data[[paste0(name, 2)]])
wt <- later("w"); g <- as.character(later("g"))
options(survey.lonely.psu = "adjust", digits = 17)
whole <- svydesign(ids = ~c, strata = ~s, weights = ~wt, nest = TRUE,
                   data = data.frame(c = as.character(later("c")), s = as.character(later("s")), wt = wt))
out <- list()
put <- function(name, group, found)
  out[[length(out) + 1]] <<- data.frame(name, group, value = found$value, error = unname(found$error),
                                        effect = unname(found$effect))
totalled <- function(added, design, weight, part) {
  value <- added / weight
  found <- svytotal(~value, update(design, value = value)[part, ], deff = "replace")
  list(value = unname(coef(found)[1]), error = SE(found)[1], effect = deff(found)[1])
}

is <- function(status, word) !is.na(status) & status == word
nothing <- function(weight) ifelse(is.na(weight), 0, weight)
w1 <- nothing(data$w1); w2 <- nothing(data$w2)
was <- is(data$before, "poor"); now <- is(data$after, "poor")
new <- is.na(data$w1); gone <- is.na(data$w2)
back <- is(data$before, "not poor") & now & is(data$past, "poor")
moved <- now * w2 - was * w1
flows <- list(
  new = new & now, gone = gone & was, stayed = was & now, returned = back,
  entered = is(data$before, "not poor") & now & !back, found_poor = is(data$before, "unknown") & now,
  left = was & is(data$after, "not poor"), became_unknown = was & is(data$after, "unknown"))
stopifnot(isTRUE(all.equal(sum(sapply(flows, function(flow) sum(moved[flow]))), sum(moved))))
account <- function(group, part) {
  put("poor_before", group, totalled(was * w1, whole, wt, part))
  put("poor_after", group, totalled(now * w2, whole, wt, part))
  put("people_before", group, totalled(w1, whole, wt, part))
  put("people_after", group, totalled(w2, whole, wt, part))
  put("change", group, totalled(moved, whole, wt, part))
  for (name in names(flows)) put(name, group, totalled(moved * flows[[name]], whole, wt, part))
}
everybody <- rep(TRUE, nrow(data))
account("", everybody)
for (name in sort(unique(g))) account(name, g == name)

# The influence of every household, weight included, on a quantile and on a mean of one run.
spread <- function(known, values) { every <- numeric(nrow(data)); every[known] <- values; every }
quantile_of <- function(y, w, p) {
  known <- !is.na(y) & !is.na(w) & w > 0; y <- y[known]; w <- w[known]; W <- sum(w)
  m <- sum(w * y) / W; h <- sqrt(sum(w * (y - m)^2) / W) * W^-0.2
  q <- laeken::weightedQuantile(y, w, p)
  f <- sum(w * exp(-((y - q) / h)^2 / 2)) / sqrt(2 * pi) / h / W
  list(value = q, moves = spread(known, w * -((y <= q) - p) / (f * W)))
}
mean_of <- function(y, w) {
  known <- !is.na(y) & !is.na(w) & w > 0; y <- y[known]; w <- w[known]; m <- sum(w * y) / sum(w)
  list(value = m, moves = spread(known, w * (y - m) / sum(w)))
}
apart <- svydesign(ids = ~c, strata = ~s, weights = ~w, nest = TRUE, data = data.frame(
  c = c(data$c1[!new], data$c2[!gone]), w = c(data$w1[!new], data$w2[!gone]),
  s = c(paste("first", data$s1[!new]), paste("second", data$s2[!gone]))))
both <- c(data$w1[!new], data$w2[!gone])
grown <- function(name, one, two) {
  first <- -two$value / one$value^2 * one$moves; second <- two$moves / one$value
  value <- two$value / one$value - 1
  found <- totalled(first + second, whole, wt, everybody); found$value <- value
  put(paste0("growth@", name), "matched", found)
  found <- totalled(c(first[!new], second[!gone]), apart, both, rep(TRUE, length(both))); found$value <- value
  put(paste0("growth@", name), "apart", found)
}
for (p in 1:99) grown(p, quantile_of(data$y1, data$w1, p / 100), quantile_of(data$y2, data$w2, p / 100))
grown("mean", mean_of(data$y1, data$w1), mean_of(data$y2, data$w2))
write.csv(format(do.call(rbind, out), digits = 17, trim = TRUE), args[2], row.names = FALSE, quote = FALSE)
