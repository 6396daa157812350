# SPDX-License-Identifier: Apache-2.0
# The figures of answers in a sample by R survey: statuses, criteria, causes, and the Alkire-Foster measures with
# the structure of the global index, written here by hand in eighteenths.
#
# Rscript answers.R FILE.csv OUT.csv WEIGHT STRATUM CLUSTER GROUP HOUSEHOLD_WEIGHT CAUSE
own <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(own), "common.R"))
dimensions <- list(
  health = c(nutrition = 3, child_mortality = 3), education = c(schooling = 3, attendance = 3),
  living_standards = c(cooking_fuel = 1, sanitation = 1, drinking_water = 1, electric_power = 1, housing = 1, assets = 1))
points <- unlist(unname(dimensions))
WHOLE <- 18; CUTOFF <- 6                                          # a third
deprived <- sapply(names(points), function(name) as.numeric(data[[name]] == "not met"))
open <- sapply(names(points), function(name) as.numeric(data[[name]] == "unknown"))
score <- drop(deprived %*% points); unsure <- drop(open %*% points)

design <- designed(data.frame(one = 1))
everybody <- rep(TRUE, nrow(data))
by_mean <- function(name, group, value, part) {
  found <- svymean(~value, update(design, value = value)[part, ], deff = "replace")
  put(name, group, coef(found)[1], SE(found)[1], deff(found)[1])
}
# A mean over those of whom the answer is known. Its error is that of svymean over them and of svyratio over all of
# the group, which survey gives alike; the effect is that over all of the group.
by_known <- function(name, group, value, known, part) {
  found <- svymean(~value, update(design, value = value)[part & known > 0, ])
  again <- svyratio(~value, ~known, update(design, value = value, known = known)[part, ], deff = "replace")
  stopifnot(isTRUE(all.equal(unname(SE(found)[1]), unname(SE(again)[1]), tolerance = 1e-9)))
  put(name, group, coef(found)[1], SE(found)[1], deff(again)[1])
}
answers <- function(item, group, values, words, part)
  for (word in words)
    by_mean(paste0(sub(" ", "_", word), "@", item), group, as.numeric(values == word), part)
at_cutoff <- function(item, group, cutoff, part) {
  poor <- as.numeric(score >= cutoff); answered <- poor + (score + unsure < cutoff)
  by_known(paste0("h@", item), group, poor, answered, part)
  by_ratio(paste0("a@", item), group, poor * score / WHOLE, poor, part)
  by_known(paste0("m0@", item), group, poor * score / WHOLE, answered, part)
  by_mean(paste0("unknown@", item), group, 1 - answered, part)
}
share_of <- function(name, group, values)
  by_ratio(name, group, as.numeric(g == group) * values, values, everybody)

poor <- as.numeric(score >= CUTOFF); answered <- poor + (score + unsure < CUTOFF)
figures_of <- function(group, part) {
  for (pair in list(c("monetary", "status"), c("mpi", "status_mpi")))
    answers(pair[1], group, data[[pair[2]]], c("poor", "not poor", "unknown"), part)
  for (name in c("consumption", names(points)))
    answers(name, group, data[[name]], c("met", "not met", "unknown"), part)
  by_ratio("headcount", group, as.numeric(data$status == "poor"), as.numeric(data$status != "unknown"), part)
  by_mean("status_unknown", group, as.numeric(data$status == "unknown"), part)
  cause <- as.logical(data[[args[8]]])
  among <- as.numeric(data$status == "poor")
  by_known(paste0("evident@", args[8]), group, among * cause %in% TRUE, among, part)
  by_known(paste0("not_evident@", args[8]), group, among * cause %in% FALSE, among, part)
  by_known(paste0("unknown@", args[8]), group, among * is.na(cause), among, part)
  households <- data[[args[7]]] / w
  total <- svytotal(~households, update(design, households = households)[part, ], deff = "replace")
  put("households", group, coef(total)[1], SE(total)[1], deff(total)[1])

  at_cutoff("mpi", group, CUTOFF, part)
  for (cutoff in seq(10, 100, 10)) at_cutoff(paste0("mpi@", cutoff), group, ceiling(cutoff * WHOLE / 100), part)
  by_ratio("score_unknown@mpi", group, poor * (unsure > 0), poor, part)
  for (name in names(points)) {
    item <- paste0("@mpi.", name); here <- deprived[, name]
    by_ratio(paste0("uncensored_headcount", item), group, answered * here, answered * (1 - open[, name]), part)
    by_known(paste0("censored_headcount", item), group, poor * here, answered, part)
    by_ratio(paste0("contribution", item), group, poor * here * points[[name]], poor * score, part)
  }
  for (name in names(dimensions)) {
    held <- drop(deprived[, names(dimensions[[name]]), drop = FALSE] %*% dimensions[[name]])
    by_ratio(paste0("contribution@mpi.", name), group, poor * held, poor * score, part)
  }
}
figures_of("", everybody)
for (name in sort(unique(g))) {
  figures_of(name, g == name)
  share_of("population_share@mpi", name, answered)
  share_of("share_of_h@mpi", name, poor)
  share_of("share_of_m0@mpi", name, poor * score)
}
written()
