records <- datahere[!is.na(datahere$AVAL) & !is.na(datahere$CNSR) & datahere$USUBJID %in% subjects, ]
group <- rep(NA_character_, nrow(records))
for (name in rev(names(groups))) group[records$USUBJID %in% groups[[name]]] <- name
within <- stratahere[records$USUBJID]
kept <- !is.na(group) & !is.na(within)
time <- records$AVAL[kept]
event <- as.integer(records$CNSR[kept] == 0)
group <- group[kept]
within <- within[kept]
# Sums over the event times of each stratum, weighted by the pooled curve just before.
expected <- numeric(length(groups))
difference <- expected
variance <- matrix(0, length(groups), length(groups))
for (one in unique(within)) {
  curve <- 1
  for (t in sort(unique(time[within == one & event == 1]))) {
    there <- vapply(names(groups), function(g) sum(within == one & group == g & time >= t), numeric(1))
    died <- vapply(names(groups), function(g) sum(within == one & group == g & time == t & event == 1), numeric(1))
    n <- sum(there)
    d <- sum(died)
    weight <- curve^rhohere * (1 - curve)^gammahere
    curve <- curve * (1 - d / n)
    expected <- expected + weight * d * there / n
    difference <- difference + weight * (died - d * there / n)
    if (n > 1) variance <- variance + weight^2 * d * (n - d) / (n - 1) * (diag(there / n) - outer(there, there) / n^2)
  }
}
complete <- all(names(groups) %in% group)
compute <- function(own, name) {
  say("logrank.n", sum(group == name), "", name)
  say("logrank.n.event", sum(event[group == name]), "", name)
  if (!complete) return(invisible())
  at <- match(name, names(groups))
  say("logrank.observed", expected[at] + difference[at], "", name)
  say("logrank.expected", expected[at], "", name)
}
parts <- eigen(variance, symmetric = TRUE)
kept <- parts$values > max(parts$values) * 1e-9
if (complete && any(kept)) {
  turned <- crossprod(parts$vectors[, kept, drop = FALSE], difference)
  chisq <- sum(turned^2 / parts$values[kept])
  say("logrank.statistic", chisq)
  say("logrank.parameter", sum(kept))
  say("logrank.p.value", pchisq(chisq, sum(kept), lower.tail = FALSE))
}
