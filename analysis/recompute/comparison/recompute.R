# The statistics of every sample by R: jobs.csv and values.csv in the working folder to answers.csv.
if (!requireNamespace("survival", quietly = TRUE)) stop("the package survival is not installed", call. = FALSE)
suppressPackageStartupMessages(library(survival))
text <- c(option = "character", median_rule = "character", landmarks = "character")
jobs <- read.csv("jobs.csv", colClasses = text, na.strings = character(0))
values <- read.csv("values.csv", na.strings = "")
# Written as they come: tens of thousands of rows bound together take minutes.
answers <- file("answers.csv", "w", encoding = "UTF-8")
said <- 0
cat("job,context,variable_level,stat_name,value,route\n", file = answers)
MOST <- 200000
MOST_PAIRINGS <- 10000
MOST_STATES <- 2^14

say <- function(job, context, level, name, value, route) {
  said <<- said + 1
  quoted <- paste0("\"", gsub("\"", "\"\"", c(context, as.character(level), name, route)), "\"")
  number <- if (is.na(value)) "NA" else sprintf("%.17g", value)
  cat(paste(c(job$job, quoted[1:3], number, quoted[4]), collapse = ","), "\n", sep = "", file = answers)
}

binomial <- function(job) {
  k <- as.integer(job$count); n <- job$size; planned <- as.numeric(job$conf_level)
  if (n == 0) return(invisible())
  test <- binom.test(k, n, conf.level = planned)
  say(job, "proportion", "", "estimate", unname(test$estimate), "binom.test")
  say(job, "proportion", "", "conf.low", test$conf.int[1], "binom.test")
  say(job, "proportion", "", "conf.high", test$conf.int[2], "binom.test")
  if (job$upper_bound == 1) {
    upper <- binom.test(k, n, alternative = "less", conf.level = planned)$conf.int[2]
    say(job, "proportion_upper_bound", "", "conf.high", upper, "binom.test, alternative less")
  }
}

medians <- function(job, context, fit, call) {
  if (job$median_rule == "table") {
    table <- summary(fit)$table
    route <- paste0("summary(", call, ")$table")
    say(job, context, "median", "estimate", table[["median"]], route)
    say(job, context, "median", "conf.low", table[[grep("LCL$", names(table))]], route)
    say(job, context, "median", "conf.high", table[[grep("UCL$", names(table))]], route)
  }
  if (job$median_rule != "midpoint") return(invisible())
  at <- quantile(fit, probs = 0.5)
  route <- paste0("quantile(", call, ", 0.5)")
  say(job, context, "median", "estimate", unname(at$quantile), route)
  say(job, context, "median", "conf.low", unname(at$lower), route)
  say(job, context, "median", "conf.high", unname(at$upper), route)
}

times <- function(job, own) {
  if (nrow(own) == 0) return(invisible())
  planned <- as.numeric(job$conf_level)
  type <- if (job$option == "arcsine") "arcsin" else job$option
  fit <- survfit(Surv(own$value, own$event) ~ 1, conf.type = type, conf.int = planned)
  call <- sprintf("survfit, conf.type %s", type)
  say(job, "survival", "", "N", fit$n, call)
  say(job, "survival", "", "n.event", sum(fit$n.event), call)
  say(job, "survival", "", "n.censor", sum(fit$n.censor), call)
  for (i in seq_along(fit$time)) {
    at <- sprintf("%.15g", fit$time[i])
    say(job, "curve", at, "n.risk", fit$n.risk[i], call)
    say(job, "curve", at, "n.event", fit$n.event[i], call)
    say(job, "curve", at, "n.censor", fit$n.censor[i], call)
    say(job, "curve", at, "estimate", fit$surv[i], call)
    say(job, "curve", at, "conf.low", fit$lower[i], call)
    say(job, "curve", at, "conf.high", fit$upper[i], call)
  }
  landmarks <- as.numeric(strsplit(job$landmarks, " ")[[1]])
  for (day in landmarks[landmarks <= max(own$value)]) {
    there <- summary(fit, times = day)
    route <- sprintf("summary(survfit, times = %g)", day)
    say(job, "survival_at", day, "n.risk", there$n.risk, route)
    say(job, "survival_at", day, "estimate", there$surv, route)
    say(job, "survival_at", day, "conf.low", there$lower, route)
    say(job, "survival_at", day, "conf.high", there$upper, route)
  }
  medians(job, "survival", fit, "survfit")
  reverse <- survfit(Surv(own$value, 1 - own$event) ~ 1, conf.type = type, conf.int = planned)
  medians(job, "follow_up_reverse_km", reverse, "survfit of 1 - event")
  say(job, "follow_up_observed", "", "median", median(own$value), "median")
  say(job, "follow_up_observed", "", "min", min(own$value), "min")
  say(job, "follow_up_observed", "", "max", max(own$value), "max")
}

states <- function(job, own) {
  if (nrow(own) == 0) return(invisible())
  # Exposed after the day of entry, from the start if that is day 0 or before; an entry at or after the end is none.
  entry <- pmax(own$group, 0)
  entry[!is.na(entry) & entry > 0 & entry >= own$value] <- NA
  splits <- !is.na(entry) & entry > 0
  # Rows from day 0 start before it, so that an event on day 0 counts.
  first <- data.frame(start = -1, stop = ifelse(splits, entry, own$value), event = own$event * !splits,
                      exposed = as.integer(!is.na(entry) & entry == 0))
  second <- data.frame(start = entry, stop = own$value, event = own$event, exposed = rep(1L, nrow(own)))[splits, ]
  rows <- rbind(first, second)
  type <- if (job$option == "arcsine") "arcsin" else job$option
  begin <- as.numeric(job$start)
  landmarks <- as.numeric(strsplit(job$landmarks, " ")[[1]])
  call <- sprintf("survfit(Surv(start, stop, event) ~ 1) of the state, conf.type %s", type)
  for (state in 0:1) {
    of <- rows[rows$exposed == state & (begin == 0 | rows$stop > begin), ]
    say(job, "states", state, "n", sum(rows$exposed == state), "nrow")
    say(job, "states", state, "n.event", sum(rows$event[rows$exposed == state]), "sum")
    if (nrow(of) == 0) next
    fit <- survfit(Surv(start, stop, event) ~ 1, data = of, conf.type = type, conf.int = as.numeric(job$conf_level))
    for (i in seq_along(fit$time)) {
      at <- sprintf("%d %.15g", state, fit$time[i])
      say(job, "simon_makuch", at, "n.risk", fit$n.risk[i], call)
      say(job, "simon_makuch", at, "n.event", fit$n.event[i], call)
      say(job, "simon_makuch", at, "estimate", fit$surv[i], call)
      say(job, "simon_makuch", at, "conf.low", fit$lower[i], call)
      say(job, "simon_makuch", at, "conf.high", fit$upper[i], call)
    }
    # R gives 1 before anybody entered, and carries the last value on: there it is not asked.
    for (day in landmarks[landmarks > min(of$start) & landmarks <= max(of$stop)]) {
      there <- summary(fit, times = day, extend = TRUE)
      at <- sprintf("%d %g", state, day)
      route <- sprintf("summary(%s, times = %g)", call, day)
      say(job, "simon_makuch_at", at, "estimate", there$surv, route)
      say(job, "simon_makuch_at", at, "conf.low", there$lower, route)
      say(job, "simon_makuch_at", at, "conf.high", there$upper, route)
    }
  }
  instants <- unique(rows$stop[rows$event == 1])
  both <- sapply(instants, function(t) {
    there <- rows[rows$start < t & rows$stop >= t, ]
    length(unique(there$exposed)) == 2 && sum(there$event[there$stop == t]) < nrow(there)
  })
  # With nothing to compare coxph answers 0 or fails; here there is no test.
  if (!any(as.logical(both))) return(invisible())
  score <- coxph(Surv(start, stop, event) ~ exposed, data = rows, ties = "exact")$score
  route <- "coxph(Surv(start, stop, event) ~ exposed, ties exact)$score"
  say(job, "mantel_byar", "", "statistic", score, route)
  say(job, "mantel_byar", "", "p.value", pchisq(score, 1, lower.tail = FALSE), paste("pchisq of", route))
}

described <- function(job, own) {
  x <- own$value
  say(job, "summary", "", "n", length(x), "length")
  if (length(x) == 0) return(invisible())
  for (name in c("mean", "sd", "median", "min", "max")) {
    say(job, "summary", "", name, get(name)(x), if (name == "median") "median (type 7)" else name)
  }
}

two_sided <- function(w, observed, expected, definition) {
  if (definition == "absolute_deviation") return(mean(abs(w - expected) >= abs(observed - expected) - 1e-9))
  min(1, 2 * min(mean(w <= observed + 1e-9), mean(w >= observed - 1e-9)))
}

pair <- function(job, own) {
  x <- own$value[own$group == 1]; y <- own$value[own$group == 2]
  m <- length(x); n <- length(y)
  if (m == 0 || n == 0 || length(unique(own$value)) == 1) return(invisible())
  w <- unname(suppressWarnings(wilcox.test(x, y, exact = FALSE))$statistic)
  say(job, "rank_test", "", "statistic", w, "wilcox.test")
  say(job, "effect", "", "prob.superiority", w / (m * n), "wilcox.test")
  say(job, "effect", "", "rank.biserial", 2 * w / (m * n) - 1, "wilcox.test")
  say(job, "shift", "", "estimate", median(outer(x, y, "-")), "median(outer(x, y, '-'))")
  if (choose(m + n, m) > MOST) return(invisible())
  # combn reads a single number as a sequence: the positions are combined, not the ranks.
  ranks <- rank(c(x, y))
  listed <- combn(m + n, m, function(chosen) sum(ranks[chosen])) - m * (m + 1) / 2
  p <- function(observed) two_sided(listed, observed, m * n / 2, job$option)
  least <- min(p(min(listed)), p(max(listed)))
  say(job, "rank_test", "", "p.value", p(w), "combn over midranks")
  say(job, "rank_test", "", "p.value.min", least, "combn over midranks, extremes")
  alpha <- 1 - as.numeric(job$conf_level)
  # R's own interval is exact without ties, and only where the level can be attained.
  # Where a p equals alpha its rule is another one: there it is not asked.
  equal <- any(abs(sapply(unique(listed), p) - alpha) < 1e-9)
  if (anyDuplicated(c(x, y)) == 0 && least <= alpha && !equal && min(m, n) > 1) {
    interval <- wilcox.test(x, y, exact = TRUE, conf.int = TRUE, conf.level = 1 - alpha)$conf.int
    say(job, "shift", "", "conf.low", interval[1], "wilcox.test, exact, conf.int")
    say(job, "shift", "", "conf.high", interval[2], "wilcox.test, exact, conf.int")
  }
}

# Every distinct arrangement of values, a row each; few when many are tied.
arranged <- function(v) {
  if (length(v) <= 1) return(matrix(v, 1))
  do.call(rbind, lapply(unique(v), function(first) cbind(first, arranged(v[-match(first, v)]))))
}

association <- function(job, own) {
  x <- own$value[own$group == 1]; y <- own$value[own$group == 2]
  n <- length(x); of <- job$option
  say(job, of, "", "N", n, "length")
  if (n < 3 || length(unique(x)) == 1 || length(unique(y)) == 1) return(invisible())
  call <- paste0("cor, method ", of)
  found <- cor(x, y, method = of)
  say(job, of, "", "estimate", found, call)
  free <- n - if (of == "spearman") 3 else 4
  if (abs(found) < 1 - 1e-12 && free > 0) {
    error <- sqrt((if (of == "spearman") 1 + found^2 / 2 else 0.437) / free)
    limits <- tanh(atanh(found) + c(-1, 1) * qnorm((1 + as.numeric(job$conf_level)) / 2) * error)
    say(job, of, "", "conf.low", limits[1], "tanh of atanh and qnorm")
    say(job, of, "", "conf.high", limits[2], "tanh of atanh and qnorm")
  }
  moved <- if (length(unique(x)) < length(unique(y))) x else y
  fixed <- if (length(unique(x)) < length(unique(y))) y else x
  count <- exp(lfactorial(n) - sum(lfactorial(table(moved))))
  untied <- anyDuplicated(x) == 0 && anyDuplicated(y) == 0
  if (count <= MOST_PAIRINGS) {
    listed <- abs(apply(arranged(moved), 1, function(v) cor(fixed, v, method = of)))
    say(job, of, "", "p.value", mean(listed >= abs(found) - 1e-9), "cor over every arrangement")
    say(job, of, "", "p.value.min", mean(listed >= max(listed) - 1e-9), "cor over every arrangement")
  } else if (untied && of == "kendall" && n <= 14) {
    # R's own p for Spearman is a series expansion beyond nine pairs, and is not asked.
    p <- cor.test(x, y, method = of, exact = TRUE)$p.value
    say(job, of, "", "p.value", p, "cor.test, exact")
  } else if (min(prod(table(x) + 1), prod(table(y) + 1)) > MOST_STATES) {
    # cor.test moves a negative rho by one step of its squared differences also where it is not exact: pt is asked.
    p <- if (of == "kendall") cor.test(x, y, method = of, exact = FALSE)$p.value
         else 2 * pt(-abs(found) * sqrt((n - 2) / (1 - found^2)), n - 2)
    say(job, of, "", "p.value", p, if (of == "kendall") "cor.test, not exact" else "pt")
  }
}

logrank <- function(job, own) {
  if (sum(own$event) == 0) return(invisible())
  rho <- as.numeric(job$option)
  test <- survdiff(Surv(own$value, own$event) ~ own$group, rho = rho)
  df <- length(test$n) - 1
  if (test$chisq == 0 || df == 0) return(invisible())
  call <- sprintf("survdiff, rho %g", rho)
  say(job, "logrank", "", "statistic", test$chisq, call)
  say(job, "logrank", "", "parameter", df, call)
  say(job, "logrank", "", "p.value", pchisq(test$chisq, df, lower.tail = FALSE), call)
}

hazards <- function(job, own) {
  first <- as.numeric(own$group == 0)
  control <- coxph.control(eps = 1e-14, iter.max = 50, toler.chol = 1e-15)
  fit <- suppressWarnings(coxph(Surv(own$value, own$event) ~ first, ties = job$option, control = control))
  # Without a maximum R gives the last coefficient that it tried.
  if (is.na(coef(fit)) || abs(coef(fit)) > 12) return(invisible())
  call <- sprintf("coxph, ties %s", job$option)
  say(job, "hazard_ratio", "", "estimate", exp(coef(fit)), call)
  say(job, "hazard_ratio", "", "p.value", summary(fit)$coefficients[1, "Pr(>|z|)"], call)
  say(job, "hazard_ratio", "", "p.value.lr", summary(fit)$logtest[["pvalue"]], call)
}

tables <- function(job, own) {
  counts <- matrix(own$value, nrow = 2)
  say(job, "two_proportions", "", "p.value", fisher.test(counts)$p.value, "fisher.test")
}

trend <- function(job, own) {
  there <- own$group > 0
  x <- own$event[there]; n <- own$group[there]; scores <- own$value[there]
  if (length(unique(scores)) < 2 || sum(x) == 0 || sum(x) == sum(n)) return(invisible())
  test <- suppressWarnings(prop.trend.test(x, n, scores))
  say(job, "trend_test", "", "statistic", unname(test$statistic), "prop.trend.test")
  say(job, "trend_test", "", "p.value", test$p.value, "prop.trend.test")
}

# The sums of the groups in every way to fill them, a row each.
filled <- function(ranks, sizes) {
  if (length(sizes) == 1) return(matrix(sum(ranks)))
  do.call(rbind, combn(length(ranks), sizes[1], simplify = FALSE, FUN = function(chosen) {
    cbind(sum(ranks[chosen]), filled(ranks[setdiff(seq_along(ranks), chosen)], sizes[-1]))
  }))
}

kruskal <- function(job, own) {
  sizes <- as.vector(table(factor(own$group, levels = seq_len(as.integer(job$count)))))
  if (any(sizes == 0) || length(unique(own$value)) == 1) return(invisible())
  test <- kruskal.test(own$value, own$group)
  say(job, "kruskal_wallis", "", "statistic", unname(test$statistic), "kruskal.test")
  say(job, "kruskal_wallis", "", "parameter", unname(test$parameter), "kruskal.test")
  assignments <- exp(lfactorial(sum(sizes)) - sum(lfactorial(sizes)))
  if (assignments > as.numeric(job$option) + 0.5) {
    say(job, "kruskal_wallis", "", "p.value", test$p.value, "kruskal.test")
  } else if (assignments <= MOST_PAIRINGS) {
    ranks <- rank(own$value)
    spread <- function(sums) sum(sums^2 / sizes)
    observed <- spread(vapply(split(ranks, own$group), sum, numeric(1)))
    p <- mean(apply(filled(ranks, sizes), 1, spread) >= observed - 1e-7)
    say(job, "kruskal_wallis", "", "p.value", p, "combn over midranks")
  }
}

for (i in seq_len(nrow(jobs))) {
  job <- jobs[i, ]
  own <- values[values$job == job$job, ]
  switch(job$kind, binomial = binomial(job), times = times(job, own), states = states(job, own),
         values = described(job, own), pair = pair(job, own), association = association(job, own),
         logrank = logrank(job, own), cox = hazards(job, own), table = tables(job, own), trend = trend(job, own),
         kruskal = kruskal(job, own))
}
close(answers)
if (said == 0) stop("there was nothing to compute", call. = FALSE)
