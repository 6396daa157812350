# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder share: a sample read as survey reads it, and how a figure is put down.
#
# Rscript SCRIPT.R FILE.csv OUT.csv WEIGHT STRATUM CLUSTER GROUP ...
# Columns of a stratum or cluster are joined by "+". Writes: name, group, value, error, effect. The effect is
# that of deff = "replace": beside a simple random sample, drawn with replacement, of as many households.
suppressMessages({ library(laeken); library(survey) })
args <- commandArgs(trailingOnly = TRUE)
data <- read.csv(args[1], colClasses = NA)
joined <- function(names) do.call(paste, c(data[strsplit(names, "+", fixed = TRUE)[[1]]], sep = "|"))
w <- as.numeric(data[[args[3]]])
strata <- joined(args[4]); psu <- joined(args[5]); g <- as.character(data[[args[6]]])
options(survey.lonely.psu = "adjust", digits = 17)

out <- list()
put <- function(name, group, value, error = NA, effect = NA)
  out[[length(out) + 1]] <<- data.frame(name, group, value = unname(value), error = unname(error),
                                        effect = unname(effect))
designed <- function(frame) svydesign(ids = ~psu, strata = ~strata, weights = ~w, nest = TRUE,
                                      data = cbind(frame, w = w, strata = strata, psu = psu))

# A ratio of totals over some rows.
by_ratio <- function(name, group, top, bottom, part) {
  found <- svyratio(~top, ~bottom, update(design, top = top, bottom = bottom)[part, ], deff = "replace")
  put(name, group, coef(found)[1], SE(found)[1], deff(found)[1])
}
# A figure from its influence, per unit of weight, over all rows: the error of the total of the influence. The
# effect is that over the rows of the group, unless the influence reaches beyond it.
by_influence <- function(name, group, value, unit, part = rep(TRUE, length(unit))) {
  if (any(unit[!part] != 0)) part <- rep(TRUE, length(unit))
  total <- svytotal(~unit, update(design, unit = unit)[part, ], deff = "replace")
  put(name, group, value, SE(total)[1], deff(total)[1])
}
# A formula over totals: by svycontrast, its effect by the derivatives of base R, whose error must be the same.
by_contrast <- function(name, group, formula, totals, frame, part) {
  found <- svycontrast(totals, formula)
  slopes <- attr(eval(deriv(formula, names(coef(totals))), as.list(coef(totals))), "gradient")
  unit <- part * drop(as.matrix(frame[names(coef(totals))]) %*% t(slopes))
  total <- svytotal(~unit, update(design, unit = unit)[part, ], deff = "replace")
  stopifnot(abs(SE(total)[1] / SE(found)[1] - 1) < 1e-8)
  put(name, group, coef(found)[1], SE(found)[1], deff(total)[1])
}
written <- function() {
  write.csv(format(do.call(rbind, out), digits = 17, trim = TRUE), args[2], row.names = FALSE, quote = FALSE)
  cat(R.version.string, "laeken", as.character(packageVersion("laeken")),
      "survey", as.character(packageVersion("survey")), "\n")
}
