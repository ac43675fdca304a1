library(survival)
records <- datahere[!is.na(datahere$AVAL) & !is.na(datahere$CNSR), ]
compute <- function(own, group) {
  x <- records[records$USUBJID %in% own, ]
  state <- factor(ifelse(x$CNSR == 0, x$EVNTDESC, "censored"), levels = c("censored", causeshere))
  tell <- function(name, value, level = "") say(name, value, level, group)
  tell("incidence.N", nrow(x))
  tell("incidence.n.censor", sum(state == "censored"))
  tell("incidence.conf.level", conf_levelhere)
  for (cause in causeshere) tell("incidence.n.event", sum(state == cause), cause)
  for (day in landmarkshere) tell("incidence_at.n.risk", sum(x$AVAL >= day), paste("day", day))
  if (nrow(x) == 0) return(invisible())
  fit <- survfit(Surv(x$AVAL, state) ~ 1)
  z <- qnorm((1 + conf_levelhere) / 2)
  point <- function(context, cause, day, level) {
    at <- findInterval(day, fit$time)
    k <- match(cause, fit$states)
    p <- if (at == 0) 0 else fit$pstate[at, k]
    se <- if (at == 0) 0 else fit$std.err[at, k]
    tell(paste0(context, ".estimate"), p, level)
    if (p <= 0 || p >= 1) return(invisible())
    limits <- switch(conf_typehere,
      plain = c(max(0, p - z * se), min(1, p + z * se)),
      log = c(p * exp(-z * se / p), min(1, p * exp(z * se / p))),
      "log-log" = p^exp(c(1, -1) * z * se / (p * abs(log(p)))))
    tell(paste0(context, ".conf.low"), limits[1], level)
    tell(paste0(context, ".conf.high"), limits[2], level)
  }
  for (cause in causeshere) {
    for (day in landmarkshere) {
      if (day <= max(x$AVAL)) point("incidence_at", cause, day, sprintf("%s, day %g", cause, day))
    }
    for (i in seq_along(fit$time)) {
      level <- sprintf("%s, day %g", cause, fit$time[i])
      tell("incidence_curve.n.event", sum(state == cause & x$AVAL == fit$time[i]), level)
      point("incidence_curve", cause, fit$time[i], level)
    }
  }
}
