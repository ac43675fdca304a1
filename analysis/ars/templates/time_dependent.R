# Who was in each state, survival in it at the landmarks, and the test. Subject-days, the points of the curves, numbers
# at risk and the landmark analysis are not given here.
library(survival)
records <- datahere[!is.na(datahere$AVAL) & !is.na(datahere$CNSR) & !is.na(datahere$STARTDT), ]
entered <- exposurehere
begin <- starthere
compute <- function(own, group) {
  x <- records[records$USUBJID %in% own, ]
  event <- as.integer(x$CNSR == 0)
  tell <- function(name, value, level = "") say(name, value, level, group)
  tell("states.N", nrow(x))
  tell("states.n.event", sum(event))
  tell("states.n.censor", sum(1 - event))
  tell("states.conf.level", conf_levelhere)
  if (nrow(x) == 0) return(invisible())
  entry <- pmax(entered[x$USUBJID], 0)
  entry[!is.na(entry) & entry > 0 & entry >= x$AVAL] <- NA
  splits <- !is.na(entry) & entry > 0
  # Rows from day 0 start before it, so that an event on day 0 counts.
  first <- data.frame(start = -1, stop = ifelse(splits, entry, x$AVAL), event = event * !splits,
                      exposed = as.integer(!is.na(entry) & entry == 0))
  second <- data.frame(start = entry, stop = x$AVAL, event = event, exposed = rep(1L, nrow(x)))[splits, ]
  rows <- rbind(first, second)
  type <- if (conf_typehere == "arcsine") "arcsin" else conf_typehere
  for (state in 0:1) {
    name <- c(unexposedhere, exposedhere)[state + 1]
    tell("states.n", sum(rows$exposed == state), name)
    tell("states.n.event", sum(rows$event[rows$exposed == state]), name)
    of <- rows[rows$exposed == state & (begin == 0 | rows$stop > begin), ]
    if (nrow(of) == 0) next
    fit <- survfit(Surv(start, stop, event) ~ 1, data = of, conf.type = type, conf.int = conf_levelhere)
    for (day in landmarkshere[landmarkshere > min(of$start) & landmarkshere <= max(of$stop)]) {
      present <- summary(fit, times = day, extend = TRUE)
      level <- sprintf("%s, day %g", name, day)
      tell("simon_makuch_at.estimate", present$surv, level)
      if (!is.na(present$lower)) tell("simon_makuch_at.conf.low", present$lower, level)
      if (!is.na(present$upper)) tell("simon_makuch_at.conf.high", present$upper, level)
    }
  }
  compared <- vapply(unique(rows$stop[rows$event == 1]), function(t) {
    present <- rows[rows$start < t & rows$stop >= t, ]
    length(unique(present$exposed)) == 2 && sum(present$event[present$stop == t]) < nrow(present)
  }, logical(1))
  if (!any(compared)) return(invisible())
  score <- coxph(Surv(start, stop, event) ~ exposed, data = rows, ties = "exact")$score
  tell("mantel_byar.statistic", score)
  tell("mantel_byar.df", 1)
  tell("mantel_byar.p.value", pchisq(score, 1, lower.tail = FALSE))
}
